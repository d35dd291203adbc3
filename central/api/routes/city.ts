import { z } from 'zod';
import { deviceSchema, expectedAgentSchema, siteSchema, unitSchema } from '../../../contract/inventory.ts';
import type { AgentPhase, AgentView } from '../../liveness/agent-registry.ts';
import { CONFIG_STATES } from '../../agent-config/standing.ts';
import type { App, ApiDeps } from '../deps.ts';
import { deviceViews, unitViews } from '../../health/device-states.ts';
import { pageByKey, pageQuery } from '../paging.ts';
import { ApiError } from '../problem.ts';

const agentPhase = z.enum(['live', 'silent', 'stopped', 'never_seen'] satisfies AgentPhase[]);
const deviceState = z.enum(['up', 'down', 'unreachable', 'unknown']);

const unitView = z.object({
  ...unitSchema.shape,
  sites: z.int(),
  agents: z.record(agentPhase, z.int()),
  devices: z.record(deviceState, z.int()),
  activeAlerts: z.int(),
});

export const configStanding = z.object({
  state: z.enum(CONFIG_STATES),
  /** 0: none. */
  desired: z.int(),
  /** 0: the agent's own file, and none from central was ever taken. */
  running: z.int(),
  /** A higher revision that the agent refused or rolled back. */
  problem: z.object({ revision: z.int(), reason: z.string() }).optional(),
});

const agentView = z.object({
  id: z.string(),
  phase: agentPhase,
  expected: z.boolean(),
  kind: expectedAgentSchema.shape.kind.optional(),
  site: z.string().optional(),
  unit: z.string().optional(),
  software: z.string().optional(),
  intervalMs: z.number(),
  firstSeenAtMs: z.number().optional(),
  lastSeenAtMs: z.number().optional(),
  clockOffsetMs: z.number().optional(),
  queueBytes: z.number().optional(),
  lostBatches: z.number().optional(),
  /** The agent is a Sparkplug B edge node. Its data is sent once and never again: what is lost before central stays lost. */
  sparkplug: z
    .object({
      group: z.string(),
      node: z.string(),
      session: z.enum(['unborn', 'born', 'dead']),
      bdSeq: z.int().optional(),
      devices: z.array(z.string()),
      metrics: z.int(),
      lostMessages: z.int(),
      rebirthRequests: z.int(),
    })
    .optional(),
  config: configStanding,
});

const deviceView = z.object({
  ...deviceSchema.shape,
  state: deviceState,
  reason: z.string(),
});

const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional() });

/** What exists and how it is: units, sites, agents, devices. */
export function cityRoutes(app: App, deps: ApiDeps): void {
  const tags = ['City'];
  const withMore = (agent: AgentView): z.input<typeof agentView> => {
    const node = deps.sparkplug?.describe(agent.id);
    return {
      ...agent,
      config: deps.configs.standing(agent.id),
      ...(node !== undefined && { sparkplug: { ...node, devices: [...node.devices] } }),
    };
  };
  app.get(
    '/units',
    {
      schema: {
        tags,
        summary: 'Wards, communes and special zones',
        response: { 200: z.object({ items: z.array(unitView) }) },
      },
    },
    () => ({ items: unitViews(deps, deps.clock.now()) }),
  );
  app.get(
    '/sites',
    {
      schema: {
        tags,
        summary: 'Connection points',
        querystring: z.object({ ...pageQuery, unit: z.string().optional() }),
        response: { 200: page(siteSchema) },
      },
    },
    ({ query }) => {
      const sites = [...deps.inventory.sites.values()]
        .filter((site) => query.unit === undefined || site.unit === query.unit)
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      return pageByKey(sites, (site) => site.id, query);
    },
  );
  app.get(
    '/agents',
    {
      schema: {
        tags,
        summary: 'Edge agents: expected and seen',
        querystring: z.object({
          ...pageQuery,
          unit: z.string().optional(),
          phase: agentPhase.optional(),
          config: z.enum(CONFIG_STATES).optional(),
        }),
        response: { 200: page(agentView) },
      },
    },
    ({ query }) => {
      const agents = deps.registry
        .list(deps.clock.now())
        .filter((agent) => query.unit === undefined || agent.unit === query.unit)
        .filter((agent) => query.phase === undefined || agent.phase === query.phase)
        .map(withMore)
        .filter((agent) => query.config === undefined || agent.config.state === query.config);
      return pageByKey(agents, (agent) => agent.id, query);
    },
  );
  app.get(
    '/agents/:id',
    {
      schema: {
        tags,
        summary: 'One agent',
        params: z.object({ id: z.string() }),
        response: { 200: agentView },
      },
    },
    ({ params }) => {
      const agent = deps.registry.get(params.id, deps.clock.now());
      if (agent === undefined) throw new ApiError(404, 'AGENT_NOT_FOUND', `no agent "${params.id}"`);
      return withMore(agent);
    },
  );
  app.get(
    '/devices',
    {
      schema: {
        tags,
        summary: 'Devices of the inventory and their state',
        querystring: z.object({ ...pageQuery, unit: z.string().optional(), state: deviceState.optional() }),
        response: { 200: page(deviceView) },
      },
    },
    ({ query }) => {
      const devices = deviceViews(deps, deps.clock.now())
        .filter((device) => query.unit === undefined || device.unit === query.unit)
        .filter((device) => query.state === undefined || device.state === query.state);
      return pageByKey(devices, (device) => device.id, query);
    },
  );
}
