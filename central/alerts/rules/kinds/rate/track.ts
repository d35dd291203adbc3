import { paceOf, withGap } from '../../../lifecycle/pace.ts';

/** Points that are kept of a window: the slope of nine is not moved by two that are wrong. */
export const POINTS = 9;
/** Fewer say nothing: of four, one that is wrong decides. */
const LEAST_POINTS = 5;
const GAP_INTERVALS = 3;

export interface TrackShape {
  readonly windowMs: number;
  /** Usual time between samples. */
  readonly intervalMs: number;
}

/** Points are kept this far apart, so that a window of any length has few of them. */
export function stepMsOf({ windowMs }: TrackShape): number {
  return windowMs / (POINTS - 1);
}

const NO_STEPS: readonly number[] = [];

/**
 * The newest points of one series, oldest first. A sample that is older than the one before is left out. After a gap of more
 * than three intervals, or of three of its own where it is slower, or where the clock was set back by as much, it begins anew:
 * nobody knows what was between.
 */
class Points {
  readonly #shape: TrackShape;
  #lastMs = NaN;
  /** The last steps between samples, as long as one of them is more than three intervals: of most series there are none. */
  #stepsMs = NO_STEPS;
  /** Replaced, never pushed to: an array that grows by itself has room for 17. */
  timesMs: readonly number[] = [];

  constructor(shape: TrackShape) {
    this.#shape = shape;
  }

  /** What the sample is; `late`: to be left out. */
  place(timeMs: number): 'first' | 'next' | 'late' {
    const stepMs = timeMs - this.#lastMs;
    const isGap = Number.isNaN(stepMs) || Math.abs(stepMs) > this.#gapMs();
    if (!isGap && stepMs <= 0) return 'late';
    this.#lastMs = timeMs;
    if (stepMs > 0) this.#recordStep(stepMs);
    return isGap ? 'first' : 'next';
  }

  /** Never longer than the window: what is on the other side has no part in it. */
  #gapMs(): number {
    const { intervalMs, windowMs } = this.#shape;
    if (this.#stepsMs === NO_STEPS) return GAP_INTERVALS * intervalMs;
    return Math.min(GAP_INTERVALS * Math.max(intervalMs, paceOf(this.#stepsMs)), windowMs);
  }

  #recordStep(stepMs: number): void {
    const longestMs = GAP_INTERVALS * this.#shape.intervalMs;
    if (this.#stepsMs === NO_STEPS && stepMs <= longestMs) return;
    const steps = withGap(this.#stepsMs, stepMs);
    this.#stepsMs = steps.some((each) => each > longestMs) ? steps : NO_STEPS;
  }

  isDue(timeMs: number): boolean {
    const keptMs = this.timesMs.at(-1);
    return keptMs === undefined || timeMs - keptMs >= stepMsOf(this.#shape);
  }

  /** Keeps a point and drops the oldest that are no longer needed: each stays until the one after it is as old as the window. */
  keep(timeMs: number): number {
    const times = this.timesMs.concat(timeMs);
    const fromMs = timeMs - this.#shape.windowMs;
    const first = times.findIndex((_, at) => (times[at + 1] ?? Infinity) > fromMs);
    const dropped = Math.max(first, times.length - POINTS);
    this.timesMs = times.slice(dropped);
    return dropped;
  }
}

/** A value that goes up and down: its slope, whatever the pace of its samples. */
export class GaugeTrack {
  readonly #shape: TrackShape;
  readonly #points: Points;
  #values: readonly number[] = [];

  constructor(shape: TrackShape) {
    this.#shape = shape;
    this.#points = new Points(shape);
  }

  /** Change per ms over the window; undefined: nothing is to be judged at this sample. */
  read(timeMs: number, value: number): number | undefined {
    const points = this.#points;
    const place = points.place(timeMs);
    if (place === 'late') return undefined;
    if (place === 'first') {
      points.timesMs = [];
      this.#values = [];
    }
    if (!points.isDue(timeMs)) return undefined;
    const dropped = points.keep(timeMs);
    this.#values = this.#values.concat(value).slice(dropped);
    const { timesMs } = points;
    const spanMs = timeMs - (timesMs[0] ?? timeMs);
    if (timesMs.length < LEAST_POINTS || spanMs < this.#shape.windowMs / 2) return undefined;
    return medianSlope(timesMs, this.#values);
  }
}

/** Pure. The median of the slopes between all pairs (Theil-Sen): up to 29 % of the points may be wrong. */
export function medianSlope(timesMs: readonly number[], values: readonly number[]): number {
  const slopes: number[] = [];
  for (let from = 0; from < timesMs.length; from++) {
    for (let to = from + 1; to < timesMs.length; to++) {
      slopes.push(((values[to] ?? 0) - (values[from] ?? 0)) / ((timesMs[to] ?? 0) - (timesMs[from] ?? 0)));
    }
  }
  slopes.sort((a, b) => a - b);
  const middle = slopes.length / 2;
  return ((slopes[Math.ceil(middle) - 1] ?? 0) + (slopes[Math.floor(middle)] ?? 0)) / 2;
}

export interface Increase {
  readonly increase: number;
  /** Of the second counter, if there is one. */
  readonly divisor: number;
  /** The time over which it was counted, ms. */
  readonly spanMs: number;
  /** False: counted for less than the window, so that it is at least so much. */
  readonly isWhole: boolean;
}

/** A counter, or two of the same rows: how much it rose, restarts left out. */
export class CounterTrack {
  readonly #shape: TrackShape;
  readonly #points: Points;
  readonly #counters: readonly Rises[];
  /** Of each counter, at each point. */
  #totals: readonly (readonly number[])[] = [];

  constructor(shape: TrackShape, counters: 1 | 2) {
    this.#shape = shape;
    this.#points = new Points(shape);
    this.#counters = Array.from({ length: counters }, () => new Rises());
  }

  /** Undefined: nothing is to be judged at this sample. */
  read(timeMs: number, ...values: readonly (number | bigint)[]): Increase | undefined {
    const points = this.#points;
    const place = points.place(timeMs);
    if (place === 'late') return undefined;
    if (place === 'first') {
      points.timesMs = [];
      this.#totals = this.#counters.map(() => []);
    }
    this.#counters.forEach((counter, at) => {
      if (place === 'first') counter.begin(values[at] ?? 0);
      else counter.add(values[at] ?? 0);
    });
    if (!points.isDue(timeMs)) return undefined;
    const dropped = points.keep(timeMs);
    this.#totals = this.#counters.map(({ total }, at) =>
      (this.#totals[at] ?? []).concat(total).slice(dropped),
    );
    const spanMs = timeMs - (points.timesMs[0] ?? timeMs);
    if (spanMs === 0) return undefined;
    const [increase = 0, divisor = 0] = this.#totals.map((totals) => (totals.at(-1) ?? 0) - (totals[0] ?? 0));
    return { increase, divisor, spanMs, isWhole: spanMs >= this.#shape.windowMs };
  }
}

/**
 * Sums what a counter rises. A rise counts once the next value confirms it: one wrong value, up and back again, is none.
 * Where a counter falls it began anew, and nobody knows how much it rose between those two values.
 */
class Rises {
  /** Confirmed. */
  total = 0;
  #before: number | bigint = 0;
  #last: number | bigint = 0;
  #unconfirmed = 0;

  begin(value: number | bigint): void {
    this.#before = value;
    this.#last = value;
    this.total = 0;
    this.#unconfirmed = 0;
  }

  add(value: number | bigint): void {
    if (value >= this.#last) {
      this.total += this.#unconfirmed;
      this.#unconfirmed = difference(value, this.#last);
      this.#before = this.#last;
    } else if (value >= this.#before) {
      // The last one was wrong: it stands between two that agree.
      this.#unconfirmed = difference(value, this.#before);
    } else {
      this.#unconfirmed = 0;
      this.#before = value;
    }
    this.#last = value;
  }
}

/** Of two counts, exact also beyond 2^53. */
function difference(a: number | bigint, b: number | bigint): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Number(wholeOf(a) - wholeOf(b));
}

function wholeOf(count: number | bigint): bigint {
  return typeof count === 'bigint' ? count : BigInt(Math.trunc(count));
}
