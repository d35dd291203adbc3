import type { TokenBucketOptions } from '../../../runtime/token-bucket.ts';

/** Messages of one sender that are read: a burst as of a switch that starts, then one kind of message each 100 ms. */
export const SENDER_RATE: TokenBucketOptions = { capacity: 200, refillPerS: 10 };
/** Of one sender besides, for what is critical or graver: no flood of something milder takes its place. */
export const CRITICAL_RATE: TokenBucketOptions = { capacity: 10, refillPerS: 0.1 };
/** Of one sender that has sent too much, read only to see whether they are critical: what costs more than a look. */
export const LOOK_RATE: TokenBucketOptions = { capacity: 100, refillPerS: 20 };
/** Of all senders of a collector together: what one gateway may ask of central. */
export const TOTAL_RATE: TokenBucketOptions = { capacity: 1_000, refillPerS: 100 };
/** Rows of one sender in one run; messages of the same kind are one row. */
export const MAX_ROWS_A_RUN = 32;
/** Besides, for what is critical or graver. */
export const MAX_CRITICAL_ROWS_A_RUN = 8;
/** Different kinds (type, subject, severity) of one sender: beyond, they have neither type nor subject. */
export const MAX_KINDS = 200;
/** Besides, for what is critical or graver. */
export const MAX_CRITICAL_KINDS = 20;

/** How long the end of something is told again, each minute: longer than rules wait, and seen after a short cut of the line. */
export const TOLD_AFTER_END_MS = 10 * 60_000;

/** Half of the total belongs to the senders in equal parts, so that each is heard; whoever needs more takes of the other half. */
export function shareOfTotal(senders: number): TokenBucketOptions {
  return {
    capacity: Math.max(1, HALF_OF_TOTAL.capacity / senders),
    refillPerS: HALF_OF_TOTAL.refillPerS / senders,
  };
}
export const HALF_OF_TOTAL: TokenBucketOptions = {
  capacity: TOTAL_RATE.capacity / 2,
  refillPerS: TOTAL_RATE.refillPerS / 2,
};
