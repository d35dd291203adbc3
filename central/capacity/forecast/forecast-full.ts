import { pastPredictions, TRIED_DAYS, type PastPrediction } from './past-predictions.ts';
import { weightedGrowth } from './weighted-growth.ts';

/** What is known of one series, to forecast from. */
export interface GrowthRecord {
  /** From the first to the last daily value. */
  readonly historyDays: number;
  /** In the unit of the values per day; NaN: of fewer than two days. */
  readonly growthPerDay: number;
  readonly past: readonly PastPrediction[];
}

/**
 * When something will be full, in days from the level that it was asked for.
 * - `dated`: with a range. In 8 of 10 cases the truth is between `earlyDays` and `lateDays`, as far as the past of the series shows.
 * - `distant`: not within a year.
 * - `no_trend`: it does not grow.
 * - `unproven`: it grows, and its history has too few predictions of such a length to say how far they can be trusted. `middleDays` is an
 *   estimate without a range.
 * - `too_little_history`: nothing can be said.
 */
export type Forecast =
  | {
      readonly outcome: 'dated';
      readonly earlyDays: number;
      readonly middleDays: number;
      readonly lateDays: number;
      /** On how many past predictions the range rests. */
      readonly comparedWith: number;
    }
  | { readonly outcome: 'distant' }
  | { readonly outcome: 'no_trend' }
  | { readonly outcome: 'unproven'; readonly middleDays: number }
  | { readonly outcome: 'too_little_history' };

export const FORECAST_OUTCOMES = [
  'dated',
  'distant',
  'no_trend',
  'unproven',
  'too_little_history',
] as const satisfies readonly Forecast['outcome'][];

export const NEEDED_DAYS = 14;
export const NEEDED_PREDICTIONS = 20;
/** The newest count: a series may change its ways. */
const MAX_PREDICTIONS = 120;
/** A prediction is like another if neither is more than so many times the other. */
const SIMILAR_FACTOR = 2;
const DISTANT_DAYS = 365;
/** The estimate alone is too late as often as too early; too late is worse. */
const MIDDLE_QUANTILE = 0.4;
const EARLY_QUANTILE = 0.1;
const LATE_QUANTILE = 0.9;
const LONGEST_TRIED_DAYS = Math.max(...TRIED_DAYS);

/** `values`: one a day, oldest first, all numbers. Pure. */
export function recordGrowth(values: ArrayLike<number>): GrowthRecord {
  const growth = weightedGrowth(values);
  return {
    historyDays: Math.max(0, values.length - 1),
    growthPerDay: growth[growth.length - 1] ?? NaN,
    past: pastPredictions(values, growth),
  };
}

/**
 * The level plus its weighted growth reaches the capacity after some days; how the same estimate erred in the past of the series corrects it and
 * gives the range. `level` and `capacity` in the unit of the values. Pure.
 */
export function forecastFull(record: GrowthRecord, level: number, capacity: number): Forecast {
  const { historyDays, growthPerDay, past } = record;
  if (historyDays < NEEDED_DAYS) return { outcome: 'too_little_history' };
  const isFull = level >= capacity;
  if (isFull) return { outcome: 'dated', earlyDays: 0, middleDays: 0, lateDays: 0, comparedWith: 0 };
  if (!(growthPerDay > 0)) return { outcome: 'no_trend' };
  const estimateDays = (capacity - level) / growthPerDay;
  const errors = similarErrors(past, estimateDays);
  if (errors.length < NEEDED_PREDICTIONS) return { outcome: 'unproven', middleDays: estimateDays };
  const at = (share: number): number => estimateDays * Math.exp(quantile(errors, share));
  const earlyDays = at(EARLY_QUANTILE);
  if (earlyDays > DISTANT_DAYS) return { outcome: 'distant' };
  return {
    outcome: 'dated',
    earlyDays,
    middleDays: at(MIDDLE_QUANTILE),
    lateDays: at(LATE_QUANTILE),
    comparedWith: errors.length,
  };
}

/** Ascending. Beyond the longest length that is tried, the errors of that one count. */
function similarErrors(past: readonly PastPrediction[], estimateDays: number): Float64Array {
  const days = Math.min(estimateDays, LONGEST_TRIED_DAYS);
  const similar: number[] = [];
  for (let at = past.length - 1; at >= 0 && similar.length < MAX_PREDICTIONS; at--) {
    const prediction = past[at];
    if (prediction === undefined) continue;
    const ratio = prediction.predictedDays / days;
    if (ratio <= SIMILAR_FACTOR && ratio >= 1 / SIMILAR_FACTOR) similar.push(prediction.logError);
  }
  return Float64Array.from(similar).sort();
}

/** Between two values in proportion. `sorted`: ascending, at least one. */
function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = sorted[below] ?? NaN;
  const high = sorted[below + 1] ?? low;
  return low + (place - below) * (high - low);
}
