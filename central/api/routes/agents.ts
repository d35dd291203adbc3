import { z } from 'zod';
import { AGENT_ID_PATTERN } from '../../../contract/topics.ts';
import type { AgentConfigs } from '../../agent-config/agent-configs.ts';
import { configStandingSchema } from '../../agent-config/standing.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { AgentRegistry } from '../../liveness/agent-registry.ts';
import { agentViewSchema, type AgentView } from '../../liveness/agent-view.ts';
import { nodeViewSchema, type NodeView } from '../../sparkplug/node-view.ts';
import type { AlertEngine } from '../../alerts/engine/engine.ts';
import { agentProblemSchema, type AgentProblems } from '../../health/agent-problems.ts';
import {
  agentListParameters,
  agentPage,
  countWithoutVersion,
  matchingAgents,
  type AgentListQuery,
} from '../agents/agent-list.ts';
import { recordAudit, type AuditDeps } from '../audited.ts';
import type { App } from '../fastify-app.ts';
import { assertOwn } from '../limits/limit-callers.ts';
import { pageOf } from '../paging.ts';
import { placeNames, placeNameShape, type PlaceNameDeps } from '../place-names.ts';
import { ApiError } from '../problem.ts';

export interface AgentRouteDeps extends AuditDeps {
  readonly retireAgent: (agent: string) => boolean;
  readonly alerts: Pick<AlertEngine, 'withdrawReported'>;
  readonly problems: Pick<AgentProblems, 'of'>;
  readonly registry: Pick<AgentRegistry, 'list' | 'get'>;
  readonly configs: Pick<AgentConfigs, 'standing'>;
  readonly inventory: PlaceNameDeps['inventory'] & Pick<Inventory, 'agents'>;
  readonly timeZone: string;
  /** Only if Sparkplug is configured. */
  readonly sparkplug?: { describe(agent: string): NodeView | undefined };
}

const agentView = agentViewSchema.extend({
  ...placeNameShape,
  sparkplug: nodeViewSchema.exactOptional(),
  config: configStandingSchema,
  problems: z.array(agentProblemSchema).describe('what central found out about it'),
});

export function agentRoutes(app: App, deps: AgentRouteDeps): void {
  const tags = ['City'];
  const viewOf = (agent: AgentView): z.input<typeof agentView> => {
    const node = deps.sparkplug?.describe(agent.id);
    return {
      ...agent,
      ...placeNames(deps, agent),
      config: deps.configs.standing(agent.id),
      problems: deps.problems.of(agent.id, deps.clock.now()),
      ...(node !== undefined && { sparkplug: node }),
    };
  };
  app.get(
    '/agents',
    {
      config: { limits: 'filtered' },
      schema: {
        tags,
        summary: 'Edge agents: expected and seen',
        querystring: agentListParameters,
        response: {
          200: pageOf(agentView).extend({
            withoutVersion: z
              .int()
              .exactOptional()
              .describe('with `version`: agents left out since their version is not known or is no SemVer'),
          }),
        },
      },
    },
    ({ query, reach }) => {
      const all = deps.registry
        .list(deps.clock.now())
        .filter((agent) => reach?.hasPlace('agent', agent) !== false);
      const find = (asked: AgentListQuery) =>
        matchingAgents(all, asked, deps.inventory, deps).filter(
          ({ id }) => query.config === undefined || deps.configs.standing(id).state === query.config,
        );
      const page = agentPage(find(query), query);
      return {
        ...page,
        items: page.items.map(viewOf),
        ...(query.version !== undefined && {
          withoutVersion: countWithoutVersion(find({ ...query, version: undefined })),
        }),
      };
    },
  );
  app.get(
    '/agents/:id',
    {
      config: { limits: 'filtered', problems: ['AGENT_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'One agent',
        params: z.object({ id: z.string() }),
        response: { 200: agentView },
      },
    },
    ({ params, caller, reach }) => {
      const agent = deps.registry.get(params.id, deps.clock.now());
      if (agent === undefined) throw new ApiError('AGENT_NOT_FOUND', `no agent "${params.id}"`);
      if (reach?.hasPlace('agent', agent) === false) assertOwn({ caller, reach }, [['agent', agent.id]]);
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
