/** What the same method would have said on an earlier day, and what came. */
export interface PastPrediction {
  readonly predictedDays: number;
  /** log(true days ÷ predicted days): above zero, it came later than predicted. */
  readonly logError: number;
}

/**
 * Lengths that are tried, in days. They spread evenly over what is worth predicting, and none is a length that the method is measured
 * with (14, 30, 60 and 90 days): else it would be tuned to its own examination.
 */
export const TRIED_DAYS: readonly number[] = [7, 20, 45, 75, 160];
/** Days between two predictions of one length: closer ones are nearly the same. */
const STEP_DAYS = 7;
/** Earlier growth is that of a few days. */
const FIRST_DAY = 30;
/** With all seasons. Longer, and one flood of logs would leave a disk without a forecast for as long as it is remembered. */
const KNOWN_TO_FIT_DAYS = 365;

/**
 * Every prediction of the past whose end is known by now, in the order in which their ends became known. On each earlier day the capacity is what
 * was in use some days later, so that the truth is known: the first day on which so much was in use. As a real capacity it is above all that was in use
 * in the year before: what only swings, by the week or by chance, comes back to a level within days, which says nothing about growth. Pure.
 */
export function pastPredictions(
  values: ArrayLike<number>,
  growth: ArrayLike<number>,
): readonly PastPrediction[] {
  const found: (PastPrediction & { readonly knownOn: number })[] = [];
  for (const days of TRIED_DAYS) {
    for (let day = values.length - 1 - days; day >= FIRST_DAY; day -= STEP_DAYS) {
      const perDay = growth[day] ?? 0;
      const level = values[day] ?? 0;
      const capacity = values[day + days] ?? 0;
      if (!(perDay > 0) || hasFitted(values, day, capacity)) continue;
      const predictedDays = (capacity - level) / perDay;
      const trueDays = daysUntil(values, day, capacity);
      found.push({ knownOn: day + days, predictedDays, logError: Math.log(trueDays / predictedDays) });
    }
  }
  return found.sort((a, b) => a.knownOn - b.knownOn);
}

/** It is reached: `capacity` is one of the later values. */
function daysUntil(values: ArrayLike<number>, day: number, capacity: number): number {
  let later = day + 1;
  while (later < values.length - 1 && !(Number(values[later]) >= capacity)) later++;
  return later - day;
}

/** As much was in use on that day, or lately. */
function hasFitted(values: ArrayLike<number>, day: number, capacity: number): boolean {
  for (let earlier = day; earlier >= 0 && earlier > day - KNOWN_TO_FIT_DAYS; earlier--)
    if (Number(values[earlier]) >= capacity) return true;
  return false;
}
