import type { TokenBucketOptions } from '../../../runtime/token-bucket.ts';

/** Messages of one sender that are read: a burst as of a switch that starts, then one kind of message each 100 ms. */
export const SENDER_RATE: TokenBucketOptions = { capacity: 200, refillPerS: 10 };
/** Of all senders of a collector together: what one gateway may ask of central. */
export const TOTAL_RATE: TokenBucketOptions = { capacity: 1_000, refillPerS: 100 };
/** Rows of one sender in one run; messages of the same kind are one row. */
export const MAX_ROWS_A_RUN = 32;
/** Different kinds (type, subject, severity) of one sender: beyond, they have neither type nor subject. */
export const MAX_KINDS = 200;
