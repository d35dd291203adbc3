export interface StateInterval {
  readonly state: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface StripPart {
  readonly state: string;
  /** Of the whole, percent. */
  readonly from: number;
  readonly width: number;
}

/** An outage of a minute must be seen in a strip of a day. */
const LEAST_PERCENT = 0.25;

/** Where each interval stands in a strip from `fromMs` to `toMs`; what nobody knows leaves a gap. Pure. */
export function stripOf(intervals: readonly StateInterval[], fromMs: number, toMs: number): StripPart[] {
  const percent = (ms: number): number => (100 * ms) / (toMs - fromMs);
  return intervals.flatMap((interval) => {
    const [from, to] = [Math.max(interval.fromMs, fromMs), Math.min(interval.toMs, toMs)];
    if (to <= from) return [];
    const least = interval.state === 'up' ? 0 : LEAST_PERCENT;
    return [
      { state: interval.state, from: percent(from - fromMs), width: Math.max(least, percent(to - from)) },
    ];
  });
}
