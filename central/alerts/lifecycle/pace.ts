/** So many gaps are looked at: two of each of three sources that take turns. */
const GAPS = 6;

/**
 * Pure. The usual time between two samples, ms: the second longest of the last gaps, or the only one. A single close pair
 * (an agent that restarts, a second poller) does not make it shorter, and a single outage does not make it longer.
 */
export function paceOf(gapsMs: readonly number[]): number {
  let longest = 0;
  let second = 0;
  for (const gapMs of gapsMs) {
    if (gapMs > longest) [longest, second] = [gapMs, longest];
    else if (gapMs > second) second = gapMs;
  }
  return gapsMs.length > 1 ? second : longest;
}

/** Pure. Samples of one moment are no gap. */
export function withGap(gapsMs: readonly number[], gapMs: number): readonly number[] {
  return gapMs > 0 ? [...gapsMs.slice(1 - GAPS), gapMs] : gapsMs;
}
