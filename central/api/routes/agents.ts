import { z } from 'zod';
import { AGENT_ID_PATTERN } from '../../../contract/topics.ts';
import type { AgentConfigs } from '../../agent-config/agent-configs.ts';
import { CONFIG_STATES, configStandingSchema } from '../../agent-config/standing.ts';
import type { AgentRegistry } from '../../liveness/agent-registry.ts';
import { agentPhaseSchema, agentViewSchema, type AgentView } from '../../liveness/agent-view.ts';
import { nodeViewSchema, type NodeView } from '../../sparkplug/node-view.ts';
import type { AlertEngine } from '../../alerts/engine/engine.ts';
import { agentProblemSchema, type AgentProblems } from '../../health/agent-problems.ts';
import { recordAudit, type AuditDeps } from '../audited.ts';
import type { App } from '../fastify-app.ts';
import { pageOf, pageOfSorted, pageQuery, type ListKey } from '../paging.ts';
import { ApiError } from '../problem.ts';

export interface AgentRouteDeps extends AuditDeps {
  readonly retireAgent: (agent: string) => boolean;
  readonly alerts: Pick<AlertEngine, 'withdrawReported'>;
  readonly problems: Pick<AgentProblems, 'of'>;
  readonly registry: Pick<AgentRegistry, 'list' | 'get'>;
  readonly configs: Pick<AgentConfigs, 'standing'>;
  /** Only if Sparkplug is configured. */
  readonly sparkplug?: { describe(agent: string): NodeView | undefined };
}

const agentView = agentViewSchema.extend({
  sparkplug: nodeViewSchema.exactOptional(),
  config: configStandingSchema,
  problems: z.array(agentProblemSchema).describe('what central found out about it'),
});

const KEY: ListKey<{ readonly id: string }> = { of: (agent) => agent.id, pattern: AGENT_ID_PATTERN };

export function agentRoutes(app: App, deps: AgentRouteDeps): void {
  const tags = ['City'];
  const viewOf = (agent: AgentView): z.input<typeof agentView> => {
    const node = deps.sparkplug?.describe(agent.id);
    return {
      ...agent,
      config: deps.configs.standing(agent.id),
      problems: deps.problems.of(agent.id, deps.clock.now()),
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
  app.delete(
    '/agents/:id',
    {
      config: { role: 'admin', problems: ['AGENT_NOT_FOUND'] },
      schema: {
        tags,
        summary:
          'Retire an agent: its password, session, retained messages, configs and alerts end, and nobody misses it any more. Its samples and its ledger stay.',
        params: z.object({ id: z.string() }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!AGENT_ID_PATTERN.test(id) || !deps.retireAgent(id))
        throw new ApiError('AGENT_NOT_FOUND', `no agent "${id}"`);
      recordAudit(deps, request, 'agent.retire', id);
      return reply.status(204).send(null);
    },
  );
  app.delete(
    '/agents/:id/alerts',
    {
      config: { role: 'admin', problems: ['AGENT_NOT_FOUND'] },
      schema: {
        tags,
        summary:
          'Close the alerts about what an agent reported, as withdrawn: it made them up. What it goes on reporting begins anew.',
        params: z.object({ id: z.string() }),
        response: { 200: z.object({ closed: z.int().describe('alerts') }) },
      },
    },
    (request) => {
      const { id } = request.params;
      const nowMs = deps.clock.now();
      if (deps.registry.get(id, nowMs) === undefined)
        throw new ApiError('AGENT_NOT_FOUND', `no agent "${id}"`);
      const closed = deps.alerts.withdrawReported(id, nowMs);
      recordAudit(deps, request, 'agent.alerts.close', `${id}: ${closed} alerts`);
      return { closed };
    },
  );
}
