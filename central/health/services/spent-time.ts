import type { Range, StateInterval } from '../states/history/state-intervals.ts';

/** What is known of a time that reaches up to now. */
export interface SpentTime {
  /** It worked, if with less to fall back on. */
  readonly goodMs: number;
  /** It was down. */
  readonly badMs: number;
}

/**
 * Of each width the time up to `nowMs`: what is unknown or was planned is neither good nor bad. Pure. `intervals` in the order of time, without
 * overlap; `planned` in any order.
 */
export function spentTimes(
  intervals: readonly StateInterval[],
  planned: readonly Range[],
  widthsMs: readonly number[],
  nowMs: number,
): readonly SpentTime[] {
  const spans = joined(planned);
  return widthsMs.map((widthMs) => {
    let [goodMs, badMs] = [0, 0];
    for (const { state, fromMs, toMs } of intervals) {
      if (state === 'unknown' || state === 'unreachable') continue;
      const range = { fromMs: Math.max(fromMs, nowMs - widthMs), toMs: Math.min(toMs, nowMs) };
      if (range.fromMs >= range.toMs) continue;
      const ms = spans.reduce((left, span) => left - common(range, span), range.toMs - range.fromMs);
      if (state === 'down') badMs += ms;
      else goodMs += ms;
    }
    return { goodMs, badMs };
  });
}

/** In the order of time, without overlap. */
function joined(spans: readonly Range[]): Range[] {
  const found: Range[] = [];
  for (const span of [...spans].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = found.at(-1);
    if (last === undefined || span.fromMs > last.toMs) found.push(span);
    else found[found.length - 1] = { ...last, toMs: Math.max(last.toMs, span.toMs) };
  }
  return found;
}

function common(one: Range, other: Range): number {
  return Math.max(0, Math.min(one.toMs, other.toMs) - Math.max(one.fromMs, other.fromMs));
}
