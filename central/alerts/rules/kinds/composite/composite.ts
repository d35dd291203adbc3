import { conditionText, quantityText } from '../latest/condition.ts';
import type { LevelMeaning } from '../../level-meaning.ts';
import { PART } from '../latest/reading.ts';
import { storedReadsOf } from '../latest/stored-reads.ts';
import { UNFINISHED, type RuleKind, type TickFinding, type Unfinished } from '../rule-kind.ts';
import { judgeConditions } from './judge-conditions.ts';
import { entityReader, type EntityFindings } from './read-entities.ts';
import { checkComposite, compositeSettings, needed, type CompositeSettings } from './settings.ts';

/** Several conditions about one thing, of one measurement or of several. */
export const compositeKind: RuleKind<CompositeSettings> = {
  kind: 'composite',
  settingsSchema: compositeSettings,
  checkSettings: checkComposite,
  createEvaluator: (settings) => {
    const { entity, interval, conditions, levels } = settings;
    const readEntities = entityReader(settings);
    const needs = levels.map(({ need }) => needed(need, conditions.length));
    const [{ measurement, where } = { measurement: '', where: {} }] = conditions;
    const text = conditions.map(textOf).join('; ');
    return {
      reads: 'evidence',
      overHistory: storedReadsOf(conditions),
      judgesReports: true,
      measurement,
      where,
      entityTags: entity,
      intervalMs: interval,
      isState: conditions.every(({ equals }) => equals !== undefined),
      valueUnit: '',
      subject: text,
      conditionText: text,
      levelTexts: needs.map((need) =>
        need === conditions.length ? 'all' : `${need} of ${conditions.length}`,
      ),
      levelMeanings: needs.map((need) => meaningOf(need, conditions.length)),
      *evaluateAt(nowMs, sources, isActive): Iterable<TickFinding | Unfinished> {
        let judged = 0;
        for (const findings of yield* readEntities(sources, nowMs)) {
          if (++judged % PART === 0) yield UNFINISHED;
          const evaluations = judgeConditions(
            conditions.map((_, at) => freshOf(findings, at)?.evaluation),
            needs,
          );
          if (evaluations === undefined) continue;
          if (!evaluations.includes('breach') && !isActive(findings.entity)) continue;
          yield {
            entity: findings.entity,
            agent: findings.agent,
            location: findings.location,
            value: valueOf(findings, conditions),
            evaluations,
            sinceMs: nowMs,
            mayStart: true,
          };
        }
      },
    };
  },
};

function meaningOf(need: number, count: number): LevelMeaning {
  const begins =
    need === count
      ? { en: `all ${count} conditions hold`, vi: `cả ${count} điều kiện đều đúng` }
      : {
          en: `at least ${need} of the ${count} conditions hold`,
          vi: `ít nhất ${need} trong ${count} điều kiện đúng`,
        };
  return { begins };
}

function freshOf({ found }: EntityFindings, at: number): EntityFindings['found'][number] {
  return found[at]?.isFresh === true ? found[at] : undefined;
}

/** What is known, as people read it: `usage_active 97.2, load1 ÷ n_cpus 3.1`. */
function valueOf(findings: EntityFindings, conditions: CompositeSettings['conditions']): string {
  return conditions
    .flatMap((condition, at) => {
      const found = freshOf(findings, at);
      if (found === undefined) return [];
      const { value } = found;
      const short = typeof value === 'number' ? Number(value.toPrecision(3)) : String(value).slice(0, 32);
      return [`${quantityText(condition)} ${short}`];
    })
    .join(', ');
}

function textOf(condition: CompositeSettings['conditions'][number]): string {
  const { measurement, where } = condition;
  const filters = Object.entries(where).map(([tag, values]) => `, ${tag} ${values.join(' or ')}`);
  return `${measurement}.${conditionText(condition)}${filters.join('')}`;
}
