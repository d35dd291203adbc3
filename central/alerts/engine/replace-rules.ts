import type { AlertSteps } from '../history/alert-journal.ts';
import { restoreState, saveState } from '../history/alert-record.ts';
import { levelOf } from '../lifecycle/alert-state.ts';
import type { AlertRule } from '../rules/rule.ts';
import type { Severity } from '../rules/severity.ts';
import type { ActiveAlerts } from './active-alerts.ts';
import { severityChange, updatedRecord } from './alert-record-changes.ts';
import {
  createRuntime,
  editRuntime,
  subjectOf,
  takesEntity,
  type LiveEntity,
  type RuleRuntime,
} from './rule-runtime.ts';

export interface ReplaceRulesDeps {
  readonly runtimes: Map<string, RuleRuntime>;
  readonly alerts: ActiveAlerts;
  readonly journal: AlertSteps;
}

/**
 * Makes `runtimes` those of `rules`. What an unchanged rule watches is not touched. What an edited rule watches goes on as after
 * a restart with it (restore.ts), and is withdrawn where the rule is gone, evaluates something else now, or no longer takes it.
 */
export function replaceRules(
  { runtimes, alerts, journal }: ReplaceRulesDeps,
  rules: readonly AlertRule[],
  nowMs: number,
): void {
  const ids = new Set(rules.map(({ id }) => id));
  const end = (ended: RuleRuntime): void => {
    alerts.withdrawAll((_live, runtime) => runtime === ended, nowMs);
    runtimes.delete(ended.rule.id);
  };
  for (const runtime of [...runtimes.values()]) if (!ids.has(runtime.rule.id)) end(runtime);
  for (const rule of rules) {
    const known = runtimes.get(rule.id);
    if (known !== undefined && known.rule.hash === rule.hash) {
      // Another file, or another version; what the evaluator has seen so far goes on to count.
      editRuntime(known, { ...rule, evaluator: known.evaluator });
    } else if (known !== undefined && known.subject === subjectOf(rule)) {
      edit(known, rule, { alerts, journal }, nowMs);
    } else {
      if (known !== undefined) end(known);
      runtimes.set(rule.id, createRuntime(rule));
    }
  }
  journal.flush();
}

function edit(
  runtime: RuleRuntime,
  rule: AlertRule,
  { alerts, journal }: Pick<ReplaceRulesDeps, 'alerts' | 'journal'>,
  nowMs: number,
): void {
  const severitiesBefore = runtime.severities;
  editRuntime(runtime, rule);
  for (const live of runtime.entities.values()) {
    if (!takesEntity(runtime, live)) {
      alerts.withdrawEntity(runtime, live, nowMs);
      continue;
    }
    const before = live.alert;
    goOn(live, severitiesBefore, runtime, nowMs);
    const change = before && live.alert && severityChange(before, live.alert, nowMs);
    if (change !== undefined) journal.add(change);
  }
}

/** At the level of the same severity, or the nearest one that the rule has now. */
function goOn(
  live: LiveEntity,
  severitiesBefore: readonly Severity[],
  runtime: RuleRuntime,
  nowMs: number,
): void {
  // What the parts say of each level is not known where there are more or fewer of them now.
  if (severitiesBefore.length !== runtime.severities.length) live.parts.clear();
  if (live.state === undefined) return;
  live.state = restoreState(saveState(live.state, live, severitiesBefore), runtime.severities);
  if (live.alert === undefined) return;
  live.toldLevel = levelOf(live.state);
  live.alert = updatedRecord(live.alert, runtime, live, live.state, nowMs);
}
