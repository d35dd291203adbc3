import { z } from 'zod';

export const PROTOCOL_VERSION = 1;
/** A batch as published: gzip, small enough for every broker's default limits. */
export const MAX_BATCH_BYTES = 48 * 1024;
export const MAX_BATCH_POINTS = 1_000;
/** What a batch may inflate to before it counts as a decompression bomb. */
export const MAX_INFLATED_BYTES = 1024 * 1024;

/** What one batch and one table may hold. */
export const MAX_TABLES = 64;
export const MAX_TAGS = 16;
export const MAX_FIELDS = 128;
export const MAX_LOSSES = 64;
export const MAX_NAME_LENGTH = 64;

/** `[tag values, ms after the batch's baseMs, field values]`; null: not available. Integers beyond 2^53 are decimal strings. */
export type Row = readonly [
  readonly (string | null)[],
  number,
  readonly (number | string | boolean | null)[],
];

/** Rows may be shorter than `fields`: what is missing at their end is not available. */
export interface Table {
  readonly measurement: string;
  readonly tags: readonly string[];
  readonly fields: readonly string[];
  readonly rows: readonly Row[];
}

/** Far above what a queue can reach: ten batches a second for 31 years. Counts of batches and points stay exact below it. */
export const MAX_SEQ = 10_000_000_000;

export const seqSchema = z.int().min(1).max(MAX_SEQ);
const timeMs = z.int().min(0);

/** What an agent declares lost: batches `from`…`to`, `points` in them, measured between `fromMs` and `toMs`. */
export const lossSchema = z.object({
  from: seqSchema,
  to: seqSchema,
  points: z
    .int()
    .min(0)
    .max(MAX_SEQ * MAX_BATCH_POINTS),
  fromMs: timeMs,
  toMs: timeMs,
  /** `not-received`: found by central, a gap in the sequence numbers of a protocol that cannot send again. */
  reason: z.enum(['queue-full', 'queue-age', 'disk-full', 'damaged', 'stuck', 'not-received']),
});
export type Loss = z.infer<typeof lossSchema>;

const name = z.string().min(1).max(MAX_NAME_LENGTH);

/**
 * The part of a batch that is written to disk once and never changes, so that a resend is byte-identical.
 * Rows are checked value by value against the catalogue at central, so that a bad row does not cost the batch.
 */
export const batchBodySchema = z.object({
  baseMs: timeMs,
  tables: z
    .array(
      z.object({
        measurement: name,
        tags: z.array(name).max(MAX_TAGS),
        fields: z.array(name).max(MAX_FIELDS),
        rows: z.array(z.unknown()).max(MAX_BATCH_POINTS),
      }),
    )
    .max(MAX_TABLES)
    .refine((tables) => tables.reduce((points, { rows }) => points + rows.length, 0) <= MAX_BATCH_POINTS, {
      error: `more than ${MAX_BATCH_POINTS} rows in all tables together`,
    }),
  losses: z.array(lossSchema).max(MAX_LOSSES).optional(),
});
export type BatchBody = z.infer<typeof batchBodySchema>;

/** The part that is made for each send. */
export const batchHeaderSchema = z.object({
  v: z.literal(PROTOCOL_VERSION),
  /** Random id of the queue directory: a wiped disk is a new epoch. */
  epoch: z.string().regex(/^[a-z0-9]{8,16}$/),
  seq: seqSchema,
  /** Lowest seq the agent still holds: what central has not received below it is lost. */
  lowest: seqSchema,
  sentAtMs: timeMs,
  backfill: z.boolean(),
});
export type BatchHeader = z.infer<typeof batchHeaderSchema>;

export const batchSchema = batchHeaderSchema.extend(batchBodySchema.shape);
/** A batch as it leaves the decoder: the envelope is known to be good, rows are not yet. */
export type Batch = z.infer<typeof batchSchema>;
