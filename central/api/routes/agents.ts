import { z } from 'zod';
import { expectedAgentSchema } from '../../../contract/inventory.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { AgentConfigs } from '../../agent-config/agent-configs.ts';
import { CONFIG_STATES, configStandingSchema } from '../../agent-config/standing.ts';
import { agentPhaseSchema } from '../../health/unit-summary.ts';
import type { AgentRegistry, AgentView } from '../../liveness/agent-registry.ts';
import type { NodeView } from '../../sparkplug/host-stats.ts';
import type { App } from '../fastify-app.ts';
import { pageOf, pageOfSorted, pageQuery, type ListKey } from '../paging.ts';
import { ApiError } from '../problem.ts';
import { unixMs } from '../time-schemas.ts';

export interface AgentRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly registry: Pick<AgentRegistry, 'list' | 'get'>;
  readonly configs: Pick<AgentConfigs, 'standing'>;
  /** Only if Sparkplug is configured. */
  readonly sparkplug?: { describe(agent: string): NodeView | undefined };
}

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

const agentView = z.object({
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

/** Wider than the ids that agents may have: central is in the list, too. */
const KEY: ListKey<{ readonly id: string }> = { of: (agent) => agent.id, pattern: /^[a-z0-9-]{1,64}$/ };

export function agentRoutes(app: App, deps: AgentRouteDeps): void {
  const tags = ['City'];
  const viewOf = (agent: AgentView): z.input<typeof agentView> => {
    const node = deps.sparkplug?.describe(agent.id);
    return {
      ...agent,
      config: deps.configs.standing(agent.id),
      ...(node !== undefined && { sparkplug: node }),
    };
  };
  app.get(
    '/agents',
    {
      schema: {
        tags,
        summary: 'Edge agents: expected and seen',
        querystring: z.object({
          ...pageQuery(),
          unit: z.string().optional(),
          phase: agentPhaseSchema.optional(),
          config: z.enum(CONFIG_STATES).optional(),
        }),
        response: { 200: pageOf(agentView) },
      },
    },
    ({ query }) => {
      const agents = deps.registry
        .list(deps.clock.now())
        .filter((agent) => query.unit === undefined || agent.unit === query.unit)
        .filter((agent) => query.phase === undefined || agent.phase === query.phase)
        .map(viewOf)
        .filter((agent) => query.config === undefined || agent.config.state === query.config);
      return pageOfSorted(agents, KEY, query);
    },
  );
  app.get(
    '/agents/:id',
    {
      config: { problems: ['AGENT_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'One agent',
        params: z.object({ id: z.string() }),
        response: { 200: agentView },
      },
    },
    ({ params }) => {
      const agent = deps.registry.get(params.id, deps.clock.now());
      if (agent === undefined) throw new ApiError('AGENT_NOT_FOUND', `no agent "${params.id}"`);
      return viewOf(agent);
    },
  );
}
