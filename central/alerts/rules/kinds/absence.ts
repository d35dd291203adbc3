import type { AlertBook } from '../../engine/active-alerts.ts';
import type { RuleRuntime } from '../../engine/rule-runtime.ts';
import type { Silence, SilenceWatch } from '../../../liveness/absence.ts';

/** Lays the silence rules on every known agent. `mayStart`: false in the warm-up, when nobody has had time to report. */
export function judgeSilence(
  runtimes: readonly RuleRuntime[],
  watch: SilenceWatch,
  book: AlertBook,
  now: { readonly nowMs: number; readonly mayStart: boolean },
): void {
  for (const runtime of runtimes) {
    for (const silence of watch.silences(now.nowMs)) judgeAgent(runtime, silence, book, now);
  }
}

function judgeAgent(
  runtime: RuleRuntime,
  silence: Silence,
  book: AlertBook,
  { nowMs, mayStart }: { readonly nowMs: number; readonly mayStart: boolean },
): void {
  const { agent, place, missedIntervals, sinceMs, isNews } = silence;
  const known = runtime.entities.get(agent);
  const breaches = runtime.compiled.breaches(missedIntervals);
  // Not heard since central listens, and not missed long enough yet: an alert that stands goes on standing.
  if (known?.state === undefined ? !mayStart || !breaches : !isNews && !breaches) return;
  book.step(
    runtime,
    {
      key: agent,
      agent,
      entity: { agent },
      place,
      sample: { timeMs: nowMs, sinceMs, judgements: runtime.compiled.judge(missedIntervals) },
      value: Math.round(missedIntervals * 10) / 10,
    },
    nowMs,
  );
}
