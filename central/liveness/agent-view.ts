import { z } from 'zod';
import { expectedAgentSchema } from '../../contract/inventory.ts';
import { unixMs } from '../../runtime/unix-ms.ts';

/**
 * `live`: seen within three of its intervals. `silent`: seen before, but not lately: nothing is known of what it watches.
 * `stopped`: ended cleanly. `never_seen`: in the inventory only.
 */
export const AGENT_PHASES = ['live', 'silent', 'stopped', 'never_seen'] as const;
export const agentPhaseSchema = z.enum(AGENT_PHASES);
export type AgentPhase = z.infer<typeof agentPhaseSchema>;

export const agentViewSchema = z.object({
  id: z.string(),
  phase: agentPhaseSchema,
  expected: z.boolean().describe('the inventory has it'),
  kind: expectedAgentSchema.shape.kind.exactOptional(),
  site: z.string().exactOptional(),
  unit: z.string().exactOptional(),
  software: z.string().exactOptional(),
  intervalMs: z.number().describe('between two batches, ms'),
  firstSeenAtMs: unixMs.exactOptional(),
  lastSeenAtMs: unixMs.exactOptional(),
  /** Smallest arrival − sending time lately. */
  clockOffsetMs: z
    .number()
    .exactOptional()
    .describe("central's clock minus the agent's, transit time included, ms"),
  queueBytes: z.number().exactOptional().describe("size of the agent's queue on disk, bytes"),
  lostBatches: z.number().exactOptional().describe('batches that the agent lost before it could send them'),
});
export type AgentView = Readonly<z.infer<typeof agentViewSchema>>;
