import type { FieldValue } from '../../../contract/sample.ts';

export const FILLS = ['none', 'null', 'previous'] as const;
export type Fill = (typeof FILLS)[number];

/** Buckets start at multiples of `everyMs` since 1970, less `offsetMs`. */
export interface Buckets {
  readonly everyMs: number;
  readonly offsetMs: number;
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive; above `fromMs`. */
  readonly toMs: number;
}

type Point = readonly [timeMs: number, value: FieldValue | null];

export function bucketStart(
  { everyMs, offsetMs }: Pick<Buckets, 'everyMs' | 'offsetMs'>,
  atMs: number,
): number {
  return Math.floor((atMs + offsetMs) / everyMs) * everyMs - offsetMs;
}

export function bucketCount(buckets: Buckets): number {
  const { everyMs, fromMs, toMs } = buckets;
  return (bucketStart(buckets, toMs - 1) - bucketStart(buckets, fromMs)) / everyMs + 1;
}

/** Starts of the buckets that are not whole: `fromMs`, `toMs` or the present cuts them. Pure. */
export function partialBuckets(buckets: Buckets, nowMs: number): number[] {
  const { everyMs, fromMs, toMs } = buckets;
  const endMs = Math.min(toMs, nowMs);
  if (fromMs >= endMs) return [];
  const first = bucketStart(buckets, fromMs);
  const last = bucketStart(buckets, endMs - 1);
  const isCut = (start: number): boolean => start < fromMs || start + everyMs > endMs;
  return [...new Set([first, last])].filter(isCut);
}

/**
 * A point for every bucket, in the order of time: where `points` have none it is null, or the value of the bucket before; null before the
 * first value. `points` start with buckets, in the order of time. Pure.
 */
export function filledPoints(
  points: readonly Point[],
  buckets: Buckets,
  fill: Exclude<Fill, 'none'>,
): Point[] {
  const start = bucketStart(buckets, buckets.fromMs);
  const filled: Point[] = [];
  let next = 0;
  for (let at = 0; at < bucketCount(buckets); at++) {
    const timeMs = start + at * buckets.everyMs;
    const point = points[next]?.[0] === timeMs ? points[next++] : undefined;
    const before = fill === 'previous' ? (filled.at(-1)?.[1] ?? null) : null;
    filled.push(point ?? [timeMs, before]);
  }
  return filled;
}
