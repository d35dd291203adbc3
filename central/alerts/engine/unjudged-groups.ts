import type { TickEvaluator } from '../rules/kinds/rule-kind.ts';
import type { LiveEntity, RuleRuntime } from './rule-runtime.ts';

const UNJUDGED_MS = 86_400_000;

/**
 * Alerts about a group of which nothing, or, of a share, too few were heard for a day: nobody can say any more how it is, and each of those
 * who are silent has an alert of its own. Those about series end with their series, see GoneSeries.
 */
export function* findUnjudged(
  runtimes: readonly RuleRuntime<TickEvaluator>[],
  nowMs: number,
): Iterable<{ readonly runtime: RuleRuntime; readonly live: LiveEntity }> {
  for (const runtime of runtimes) {
    const { judgesReports, measurement } = runtime.evaluator;
    if (judgesReports !== true || measurement !== undefined) continue;
    for (const live of runtime.entities.values()) {
      if (live.alert !== undefined && nowMs - live.touchedAtMs >= UNJUDGED_MS) yield { runtime, live };
    }
  }
}
