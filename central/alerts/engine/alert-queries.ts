import { foldText } from '../../../runtime/fold-text.ts';
import { CANARY_RULE } from '../history/canary-alarm.ts';
import type { AlertPageQuery } from '../history/alert-page.ts';
import { toView, type AlertRecord } from '../history/alert-record.ts';
import type { AlertRepository, TransitionsQuery } from '../history/alert-repository.ts';
import { phaseOf, type AlertState } from '../lifecycle/alert-state.ts';
import type { AlertDetail, AlertEvent, AlertPage, AlertQuery, AlertView } from '../history/alert.ts';
import type { RuleRuntime } from './rule-runtime.ts';
import type { AlertRule } from '../rules/rule.ts';
import { severityRank, type Severity } from '../rules/severity.ts';

interface PhaseCounts {
  readonly pending: number;
  readonly firing: number;
  readonly recovering: number;
  readonly activeBySeverity: Readonly<Record<Severity, number>>;
}

/** `alert`: as it is now, but with the values of the step. */
export interface AlertTransition {
  readonly number: number;
  readonly event: AlertEvent;
  readonly alert: AlertView;
}

export interface AlertBeginning extends Pick<AlertRecord, 'subject' | 'tags'> {
  /** As it runs now; undefined: it is gone. */
  readonly rule: AlertRule | undefined;
}

export interface AlertQueries {
  /** Firing and recovering: gravest first, then newest. */
  active(): readonly AlertView[];
  /** Each active alert as it was last recorded, in no order and without a copy: for those who count thousands. */
  visitActive(look: (alert: AlertRecord, rule: AlertRule) => void): void;
  /** Active alerts of each unit that has any, by its code. */
  countByUnit(): ReadonlyMap<string, number>;
  list(query: AlertQuery): AlertPage;
  /** Lines of all timelines in the order in which they were recorded, with their alert. */
  transitions(query: TransitionsQuery): readonly AlertTransition[];
  /** Cheaper than `get`, which reads the timeline. */
  has(id: string): boolean;
  get(id: string): AlertDetail | undefined;
  /** What it began from. */
  beginningOf(id: string): AlertBeginning | undefined;
  phaseCounts(): PhaseCounts;
}

/** Reads active alerts from memory, with their newest values, and ended ones from disk. */
export function createAlertQueries(
  repository: AlertRepository,
  runtimes: ReadonlyMap<string, RuleRuntime>,
): AlertQueries {
  const viewOf = (record: AlertRecord, lastValue?: AlertView['lastValue']): AlertView => {
    const runtime = runtimes.get(record.rule);
    const live = runtime?.entities.get(record.entityKey);
    const newest = live?.alert?.id === record.id ? { ...live.alert, lastValue: live.value } : record;
    return toView(lastValue === undefined ? newest : { ...newest, lastValue }, runtime?.rule);
  };
  const visit = (
    look: (alert: AlertRecord, rule: AlertRule, value: AlertView['lastValue']) => void,
  ): void => {
    for (const { rule, entities } of runtimes.values()) {
      if (rule.id === CANARY_RULE) continue;
      for (const { alert, value } of entities.values()) if (alert !== undefined) look(alert, rule, value);
    }
  };
  const active = (): AlertView[] => {
    const views: AlertView[] = [];
    visit((alert, rule, lastValue) => views.push(toView({ ...alert, lastValue }, rule)));
    return views.sort(gravestThenNewest);
  };
  const resolved = ({ text, units }: NonNullable<AlertQuery['search']>): AlertPageQuery['search'] => {
    const folded = foldText(text);
    const isMeant = ({ id, settings: { name } }: RuleRuntime['rule']): boolean =>
      [id, name.en, name.vi].some((each) => foldText(each).includes(folded));
    const rules = [...runtimes.values()].map(({ rule }) => rule).filter(isMeant);
    return { text: folded, units, rules: rules.map(({ id }) => id) };
  };
  return {
    active,
    visitActive: visit,
    countByUnit: () => {
      const counts = new Map<string, number>();
      visit(({ unit }) => {
        if (unit !== undefined) counts.set(unit, (counts.get(unit) ?? 0) + 1);
      });
      return counts;
    },
    list: (query) => {
      const { search, ...rest } = query;
      const records = repository.page({ ...rest, ...(search && { search: resolved(search) }) });
      const items = records.slice(0, query.limit).map((record) => viewOf(record));
      const last = items.at(-1);
      return records.length > items.length && last !== undefined ? { items, nextCursor: last.id } : { items };
    },
    transitions: (query) =>
      repository
        .transitions(query)
        .map(({ number, event, record }) => ({ number, event, alert: viewOf(record, event.value) })),
    has: (id) => repository.has(id),
    get: (id) => {
      const record = repository.get(id);
      return record && { ...viewOf(record), timeline: repository.timeline(id) };
    },
    beginningOf: (id) => {
      const record = repository.get(id);
      if (record === undefined) return undefined;
      const { subject, tags } = record;
      return {
        ...(subject !== undefined && { subject }),
        ...(tags !== undefined && { tags }),
        rule: runtimes.get(record.rule)?.rule,
      };
    },
    phaseCounts: () => countPhases(runtimes.values()),
  };
}

function countPhases(runtimes: Iterable<RuleRuntime>): PhaseCounts {
  const phases = { pending: 0, firing: 0, recovering: 0 };
  const activeBySeverity = { warning: 0, minor: 0, major: 0, critical: 0 };
  for (const { rule, entities } of runtimes) {
    if (rule.id === CANARY_RULE) continue;
    for (const { state, alert, closedByHand } of entities.values()) {
      if (state !== undefined && closedByHand === undefined) phases[countedPhaseOf(state)]++;
      if (alert !== undefined) activeBySeverity[alert.severity]++;
    }
  }
  return { ...phases, activeBySeverity };
}

/** What flaps is counted as firing. */
function countedPhaseOf(state: AlertState): 'pending' | 'firing' | 'recovering' {
  const phase = phaseOf(state);
  return phase === 'flapping' ? 'firing' : phase;
}

function gravestThenNewest(a: AlertView, b: AlertView): number {
  return severityRank(b.severity) - severityRank(a.severity) || b.startedAtMs - a.startedAtMs;
}
