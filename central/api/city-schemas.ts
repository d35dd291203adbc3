import { z } from 'zod';
import { expectedAgentSchema } from '../../contract/inventory.ts';
import { configStandingSchema } from '../agent-config/standing.ts';
import { agentPhaseSchema } from '../health/unit-summary.ts';
import { unixMs } from './time-schemas.ts';

const sparkplugView = z
  .object({
    group: z.string(),
    node: z.string(),
    session: z.enum(['unborn', 'born', 'dead']),
    bdSeq: z.int().optional(),
    devices: z.array(z.string()).readonly(),
    metrics: z.int(),
    lostMessages: z.int(),
    rebirthRequests: z.int(),
  })
  .describe('only of a Sparkplug B edge node; it sends its data once, so what is lost on the way stays lost');

export const agentView = z.object({
  id: z.string(),
  phase: agentPhaseSchema,
  expected: z.boolean().describe('the inventory has it'),
  kind: expectedAgentSchema.shape.kind.optional(),
  site: z.string().optional(),
  unit: z.string().optional(),
  software: z.string().optional(),
  intervalMs: z.number().describe('between two batches, ms'),
  firstSeenAtMs: unixMs.optional(),
  lastSeenAtMs: unixMs.optional(),
  clockOffsetMs: z
    .number()
    .optional()
    .describe("central's clock minus the agent's, transit time included, ms"),
  queueBytes: z.number().optional().describe("size of the agent's queue on disk, bytes"),
  lostBatches: z.number().optional().describe('batches that the agent lost before it could send them'),
  sparkplug: sparkplugView.optional(),
  config: configStandingSchema,
});
