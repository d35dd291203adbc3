/** As uPlot takes them: times in s, ascending, and for each curve a value or null (a gap) at each time. */
export interface Curves {
  readonly timesS: readonly number[];
  readonly values: readonly (readonly (number | null)[])[];
}

export type Points = readonly (readonly [atMs: number, value: number | string | boolean | null])[];

/** A time without a point for longer than this many steps is a gap: no line is drawn over it. */
const GAP_STEPS = 1.6;

/** Brings curves onto one axis of time. Pure. */
export function joinCurves(curves: readonly Points[], stepMs: number): Curves {
  const times = [...new Set(curves.flatMap((points) => points.map(([atMs]) => atMs)))].sort((a, b) => a - b);
  const withGaps = times.flatMap((atMs, at) => {
    const next = times[at + 1];
    return next !== undefined && next - atMs > stepMs * GAP_STEPS ? [atMs, atMs + stepMs] : [atMs];
  });
  return {
    timesS: withGaps.map((atMs) => atMs / 1_000),
    values: curves.map((points) => {
      const byTime = new Map(points.map(([atMs, value]) => [atMs, numberOf(value)]));
      return withGaps.map((atMs) => byTime.get(atMs) ?? null);
    }),
  };
}

/** A state that is on or off is 1 or 0; texts have no place on an axis. Pure. */
export function numberOf(value: number | string | boolean | null): number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** The points of another time, as if they were `byMs` later: last week under this one. Pure. */
export function shiftPoints(points: Points, byMs: number): Points {
  return points.map(([atMs, value]) => [atMs + byMs, value]);
}

export interface Summary {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** undefined of nothing. Pure. */
export function summaryOf(points: Points): Summary | undefined {
  const values = points.flatMap(([, value]) => numberOf(value) ?? []);
  if (values.length === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { min: Math.min(...values), mean, max: Math.max(...values) };
}
