import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import { isTimeZone } from '../../../runtime/time-zone.ts';
import { ApiError } from '../problem.ts';
import { timeParameter, type PointInTime, type Present } from './point-in-time.ts';

export const DAY_MS = 86_400_000;
const SECOND_MS = 1_000;

const FORMS =
  'Unix time in ms, RFC 3339, `-1h` (ago), `now`, `today`, `yesterday`, `this-week`, `last-week`, `this-month`, `last-month`, `this-year`, ' +
  'a day (`2026-01-31`), a day with an hour (`yesterdayT14:00`). A word or a day is the time at which it begins in `tz`';

/** `tz`, of every route that takes times. */
export const timeZoneParameter = z
  .string()
  .optional()
  .meta({
    description:
      'time zone in which days, weeks and months begin, a name of the IANA database; `timeZone` of central.yaml without it',
    examples: ['Asia/Ho_Chi_Minh'],
  });

/** A parameter with one time; `what`: what is asked from then on. */
export function timeOf(what: string, example: string) {
  return timeParameter.optional().meta({ description: `${what}: ${FORMS}`, example });
}

/** `from`, `to` and `tz`; `before`: how long before `to` is `from` without it, in words. */
export function rangeParameters(before: string) {
  return {
    from: timeOf(`inclusive; ${before} before \`to\` without it`, '-24h'),
    to: timeOf('exclusive; now without it, and at most', 'now'),
    tz: timeZoneParameter,
  };
}

export interface RangeRequest {
  readonly from?: PointInTime | undefined;
  readonly to?: PointInTime | undefined;
}

export interface TimeRange {
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
}

/** Throws an ApiError for a zone that does not exist. */
export function presentOf(
  deps: { readonly clock: Pick<Clock, 'now'>; readonly timeZone: string },
  tz: string | undefined,
): Present {
  const { timeZone } = deps;
  if (tz !== undefined) assertTimeZone(tz);
  return { nowMs: deps.clock.now(), timeZone: tz ?? timeZone };
}

function assertTimeZone(name: string): void {
  if (isTimeZone(name)) return;
  const hint = / \d\d:\d\d$/.test(name) ? ' (in a query, + is written %2B)' : '';
  throw new ApiError(
    'BAD_TIME_ZONE',
    `querystring.tz: expected a time zone such as Asia/Ho_Chi_Minh or UTC, got "${name.slice(0, 60)}"${hint}`,
  );
}

/**
 * Pure. What is to come is cut off. Throws an ApiError where nothing lies between the two, or all of it is to come. `begin`: the name of
 * the parameter; `latestMs`: the latest end.
 */
export function rangeOf(
  { from, to }: RangeRequest,
  present: Present,
  defaultMs: number,
  { begin = 'from', latestMs = present.nowMs } = {},
): TimeRange {
  const askedMs = to?.(present) ?? latestMs;
  const toMs = Math.min(askedMs, latestMs);
  const fromMs = from?.(present) ?? Math.max(0, toMs - defaultMs);
  if (fromMs < toMs) return { fromMs, toMs };
  if (fromMs < askedMs) throw allToCome(begin, fromMs, present.nowMs);
  const [first, end] = [fromMs, toMs].map((ms) => new Date(ms).toISOString());
  const hint =
    fromMs === toMs
      ? `; a word or a day is the time at which it begins: all of yesterday is ${begin}=yesterday&to=today`
      : '';
  throw new ApiError(
    'EMPTY_RANGE',
    `querystring.${begin}: expected a time before to, got ${first} for ${begin} and ${end} for to${hint}`,
  );
}

/**
 * Whoever asks for the last hour within one second asks the same, so that the answer can be shared: what is counted from the present begins with the second
 * that has begun and ends with it. Times that are written out stay as they are. Pure.
 */
export function inWholeSeconds(
  { from, to = ({ nowMs }) => nowMs }: RangeRequest,
  present: Present,
): { readonly range: RangeRequest; readonly endMs: number } {
  const at = (nowMs: number): Present => ({ ...present, nowMs });
  const beginMs = Math.floor(present.nowMs / SECOND_MS) * SECOND_MS;
  const endMs = Math.ceil(present.nowMs / SECOND_MS) * SECOND_MS;
  return { range: { from: from && (() => from(at(beginMs))), to: () => to(at(endMs)) }, endMs };
}

/** Nothing is known yet of a time that begins after the present. */
export function allToCome(name: string, atMs: number, nowMs: number): ApiError {
  const [at, now] = [atMs, nowMs].map((ms) => new Date(ms).toISOString());
  return new ApiError('EMPTY_RANGE', `querystring.${name}: expected a time before now (${now}), got ${at}`);
}
