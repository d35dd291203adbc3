import { z } from 'zod';
import { PROTOCOL_VERSION } from './batch.ts';

const seq = z.int().min(1);

/** Central to agent: what is durable in the store. An agent deletes a batch only after this; a PUBACK does not prove storage. */
export const ackSchema = z.object({
  v: z.literal(PROTOCOL_VERSION),
  epoch: z.string(),
  /** Inclusive ranges of seqs that are durable (batches with refused rows are in here too). */
  stored: z.array(z.tuple([seq, seq])).max(1_000),
  /** Rows or (without `rows`) whole batches that will never be stored; they count as delivered. `rows` number the batch's rows through all tables. */
  refused: z
    .array(z.object({ seq, rows: z.array(z.int().min(0)).optional(), reason: z.string().max(500) }))
    .max(100)
    .optional(),
  /** Another agent with the same id takes over this one's connection again and again. */
  twins: z.boolean().optional(),
  /** Central's clock when it sent this, Unix time, ms. */
  nowMs: z.number().optional(),
  /** How many batches may be in flight without an acknowledgement. */
  window: z.int().min(1).max(64),
  /** Backlog batches per second this agent may send. */
  backfillPerS: z.number().min(0),
});
export type Ack = z.infer<typeof ackSchema>;

/** Retained on the flow topic. `live-only`: no backlog; `hold`: nothing, agents keep their batches on disk. */
export const flowSchema = z.object({
  v: z.literal(PROTOCOL_VERSION),
  mode: z.enum(['go', 'live-only', 'hold']),
  backfillPerS: z.number().min(0),
});
export type Flow = z.infer<typeof flowSchema>;
