import { offsetReader } from '../../../runtime/time-zone.ts';
import { ApiError } from '../problem.ts';

const DAY_MS = 86_400_000;
/** Shorter than any summer time, so that none is between two looks. */
const LOOK_EVERY_MS = 20 * DAY_MS;
/** Older samples do not exist. */
const EARLIEST_MS = Date.UTC(2000, 0, 1);

/**
 * By how much buckets of this width begin earlier than multiples of it in UTC, from 0 to everyMs − 1, so that days begin at midnight in the zone.
 * Pure. Throws an ApiError where that changes within the range, by summer time for example: no width is right on both sides.
 */
export function bucketOffsetMs(
  zone: string,
  { everyMs, fromMs, toMs }: { readonly everyMs: number; readonly fromMs: number; readonly toMs: number },
  nowMs: number,
): number {
  const read = offsetReader(zone);
  const offsetAt = (atMs: number): number => ((read(atMs) % everyMs) + everyMs) % everyMs;
  const lastMs = Math.max(Math.min(toMs - 1, nowMs), EARLIEST_MS);
  const offsetMs = offsetAt(lastMs);
  for (let atMs = Math.max(fromMs, EARLIEST_MS); atMs < lastMs; atMs += LOOK_EVERY_MS) {
    if (offsetAt(atMs) === offsetMs) continue;
    const changeAt = new Date(lastChange(atMs, lastMs, (ms) => offsetAt(ms) === offsetMs)).toISOString();
    throw new ApiError(
      'BAD_TIME_ZONE',
      `querystring.tz: the clocks of ${zone} change at ${changeAt}; ask for the time before it and after it, or with tz=UTC`,
    );
  }
  return offsetMs;
}

/** The first ms of `[fromMs, toMs]` from which on `isAfter` holds; it does at `toMs`, not at `fromMs`. */
function lastChange(fromMs: number, toMs: number, isAfter: (ms: number) => boolean): number {
  let before = fromMs;
  let after = toMs;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (isAfter(middle)) after = middle;
    else before = middle;
  }
  return after;
}
