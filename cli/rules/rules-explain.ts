import { judgesReports } from '../../central/alerts/engine/rule-runtime.ts';
import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import { WORDS, type Language } from '../../central/notify/message/words.ts';
import type { Text } from '../../contract/catalogue.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { describeDuration } from '../../runtime/duration.ts';
import { EXIT, UserError } from '../../runtime/errors.ts';
import { nearestName } from '../../runtime/nearest-name.ts';
import { print } from '../terminal.ts';
import { readRuleFiles, type RuleFilesOptions } from './rule-files.ts';

/** What a rule reads, when it fires and what to do, in both languages. */
export function runRulesExplain(id: string, options: RuleFilesOptions): void {
  const rules = readRuleFiles(options);
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) {
    const nearest = nearestName(
      id,
      rules.map((one) => one.id),
    );
    const hint = nearest === undefined ? '' : `, did you mean "${nearest}"?`;
    throw new UserError(EXIT.badConfig, [`there is no rule "${id}"${hint}`]);
  }
  print(explainRule(rule));
}

/** Pure. */
export function explainRule(rule: AlertRule): string {
  const { id, settings, evaluator, origin, source } = rule;
  const { kind, name, owner, action, eventType, probableCause } = settings;
  const lines: readonly (readonly [string, string])[] = [
    ['Rule', `${id} (${kind}, ${origin}: ${source})`],
    ['Name', name.en],
    ['', name.vi],
    ...(owner === undefined ? [] : [['Owner', owner] as const]),
    ['Reads', readsText(rule, 'en')],
    ['', readsText(rule, 'vi')],
    ['One alert', `for each ${evaluator.entityTags.join(', ')}`],
    ['Condition', evaluator.conditionText],
    ['Fires', levelsText(rule, 'en')],
    ['', levelsText(rule, 'vi')],
    ['To do', action.en],
    ['', action.vi],
    ['X.733', `${eventType}, ${probableCause}`],
    ['Guide', `docs/alerts.md, kind ${kind}`],
  ];
  return lines.map(([title, text]) => `${title.padEnd(9)}  ${indented(text)}\n`).join('');
}

function indented(text: string): string {
  return text.replaceAll('\n', `\n${' '.repeat(11)}`);
}

/** Measurement and fields with their meanings in the catalogue. */
function readsText({ evaluator, settings }: AlertRule, language: Language): string {
  if (evaluator.measurement === undefined)
    return (judgesReports(evaluator) ? SEVERAL_SERIES : otherEvidence(evaluator.intervalMs))[language];
  const measurement = CATALOGUE.get(evaluator.measurement);
  const named = Object.entries(settings).flatMap(([setting, value]) =>
    ['field', 'divideBy'].includes(setting) && typeof value === 'string' ? [value] : [],
  );
  const meaningOf = (meaning: Text | undefined): string =>
    meaning === undefined ? '' : `: ${meaning[language]}`;
  const fields = named.map((name) => {
    const field = measurement?.fields[name];
    const unit = field === undefined || field.unit === '' ? '' : ` (${field.unit})`;
    return `\n${evaluator.measurement}.${name}${unit}${meaningOf(field?.meaning)}`;
  });
  return `${evaluator.measurement}${meaningOf(measurement?.meaning)}${fields.join('')}`;
}

const SEVERAL_SERIES: Readonly<Record<Language, string>> = {
  en: 'the newest samples of several series together',
  vi: 'các mẫu đo mới nhất của nhiều chuỗi cùng lúc',
};

function otherEvidence(intervalMs: number): Readonly<Record<Language, string>> {
  const isEachSecond = intervalMs === 1_000;
  return {
    en: `no samples: what central knows of agents, services and the inventory, ${isEachSecond ? 'each second' : `every ${describeDuration(intervalMs)}`}`,
    vi: `không đọc mẫu đo: những gì trung tâm biết về tác tử, dịch vụ và danh mục, mỗi ${isEachSecond ? 'giây' : durationVi(intervalMs)}`,
  };
}

function levelsText({ settings, evaluator }: AlertRule, language: Language): string {
  const words = FIRING[language];
  return settings.levels
    .map(({ severity, for: ownForMs }, at) => {
      const { begins, ends } = evaluator.levelMeanings[at] ?? {};
      const forMs = ownForMs ?? settings.for;
      const lasts = forMs === 0 ? words.atOnce : words.lasts(forMs);
      const over = ends === undefined ? words.notSo : `${words.ends} ${ends[language]}`;
      const clear = settings.clearFor === 0 ? words.atOnce : words.clear(settings.clearFor);
      return `${WORDS[language].severity[severity]}: ${begins?.[language] ?? ''}, ${lasts}; ${over} ${clear}`;
    })
    .join('\n');
}

interface Firing {
  readonly atOnce: string;
  readonly lasts: (ms: number) => string;
  readonly ends: string;
  readonly notSo: string;
  readonly clear: (ms: number) => string;
}

const FIRING: Readonly<Record<Language, Firing>> = {
  en: {
    atOnce: 'at once',
    lasts: (ms) => `once that lasts ${describeDuration(ms)}`,
    ends: 'ends',
    notSo: 'ends when it is no longer so',
    clear: (ms) => `for ${describeDuration(ms)}`,
  },
  vi: {
    atOnce: 'ngay lập tức',
    lasts: (ms) => `khi kéo dài ${durationVi(ms)}`,
    ends: 'kết thúc khi',
    notSo: 'kết thúc khi không còn như vậy',
    clear: (ms) => `trong ${durationVi(ms)}`,
  },
};

const UNITS_VI: Readonly<Record<string, string>> = { s: 'giây', min: 'phút', h: 'giờ', d: 'ngày' };

function durationVi(durationMs: number): string {
  const [amount = '', unit = ''] = describeDuration(durationMs).split(' ');
  return `${amount} ${UNITS_VI[unit] ?? unit}`;
}
