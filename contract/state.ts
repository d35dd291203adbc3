import { z } from 'zod';
import { MAX_SEQ, PROTOCOL_VERSION, seqSchema } from './batch.ts';

export const MAX_STATE_BYTES = 4 * 1024;
/** Short enough for a state to stay below its limit. */
export const MAX_CONFIG_PROBLEM_CHARS = 500;

/**
 * Birth (`online: true`, every 5 min again) and death (`false`: last will or `reason: "stop"`) of an agent's connection.
 * `birth` grows by one per connection and is persisted, so a stale will is known and ignored.
 */
export const stateSchema = z.object({
  v: z.literal(PROTOCOL_VERSION),
  online: z.boolean(),
  birth: z.int().min(1),
  reason: z.enum(['stop', 'will']).optional(),
  kind: z.enum(['gateway', 'server']).optional(),
  software: z.string().max(64).optional(),
  site: z.string().max(64).optional(),
  unit: z.string().max(16).optional(),
  epoch: z.string().optional(),
  /** Random id of the agent's process: two that come in turns are two agents with one id, also where one disk is a copy of the other's. */
  run: z.string().max(64).optional(),
  lowest: seqSchema.optional(),
  highest: z.int().min(0).max(MAX_SEQ).optional(),
  queueBytes: z.int().min(0).optional(),
  lostBatches: z.int().min(0).optional(),
  /** The config pushed by central that runs; 0 or missing: none was, the agent's own file counts. */
  configRevision: z.int().min(0).optional(),
  /** That revision is on trial: the one before it is kept for a rollback. */
  configTrial: z.boolean().optional(),
  /** A higher revision that was refused or rolled back, and why; the agent does not try it again. */
  configProblem: z
    .object({ revision: z.int().min(1), reason: z.string().max(MAX_CONFIG_PROBLEM_CHARS) })
    .optional(),
  /** Usual time between live batches, ms: central calls an agent silent after three of them. */
  intervalMs: z.int().min(100).optional(),
});
export type AgentState = z.infer<typeof stateSchema>;
