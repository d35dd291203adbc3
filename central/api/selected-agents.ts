import { z } from 'zod';
import { SPARKPLUG_AGENT_PREFIX } from '../../contract/sparkplug/identity.ts';
import { isPhone } from '../../contract/survey-topics.ts';
import { AGENT_ID_PATTERN } from '../../contract/topics.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { AgentRegistry } from '../liveness/agent-registry.ts';
import { problemWith, type KnownNameDeps } from './known-names.ts';
import { ApiError } from './problem.ts';
import { suggestionFor } from './suggestion.ts';

export interface SelectionDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly registry: Pick<AgentRegistry, 'list'>;
  readonly inventory: Inventory;
  readonly inventorySearch: KnownNameDeps['inventorySearch'];
}

const MOST_AGENTS = 2_000;
/** The nearest name of each is looked for among all. */
const MOST_PROBLEMS = 10;

const codes = z.array(z.string().min(1).max(64)).min(1).max(MOST_AGENTS);
export const selectionSchema = z
  .strictObject({
    ids: z.array(z.string().regex(AGENT_ID_PATTERN)).min(1).max(MOST_AGENTS).optional(),
    units: codes.optional().describe('agents of these units'),
    sites: codes.optional().describe('agents of these sites'),
    agencies: codes.optional().describe('agents that these agencies own, by the inventory or by their site'),
    kind: z.enum(['gateway', 'server']).optional(),
    all: z.literal(true).optional().describe('every edge agent, where nothing else is said'),
  })
  .describe('agents to which all of it applies; Sparkplug nodes and phones take no config and are left out');
type Selection = z.infer<typeof selectionSchema>;

/** In the order of their ids. Throws an ApiError where there are none, or something is named that is not there. */
export function selectedAgents(
  deps: SelectionDeps,
  select: Selection,
): { readonly agents: readonly string[]; readonly silent: readonly string[] } {
  const { registry, inventory, clock } = deps;
  const { ids, units, sites, agencies, kind, all } = select;
  const isFiltered = [ids, units, sites, agencies, kind].some((each) => each !== undefined);
  if (isFiltered === (all === true))
    throw new ApiError(
      'INVALID_REQUEST',
      'body.select: expected ids, units, sites, agencies or kind, or else all: true',
    );
  const edge = registry
    .list(clock.now())
    .filter(({ id }) => !id.startsWith(SPARKPLUG_AGENT_PREFIX) && !isPhone(id));
  assertThere(deps, edge, select);
  const has = (list: readonly string[] | undefined, value: string | undefined): boolean =>
    list === undefined || (value !== undefined && list.includes(value));
  const wanted = ids === undefined ? undefined : new Set(ids);
  const fitting = edge
    .filter(
      (agent) =>
        wanted?.has(agent.id) !== false &&
        has(units, agent.unit) &&
        has(sites, agent.site) &&
        has(
          agencies,
          inventory.agents.get(agent.id)?.agency ?? inventory.sites.get(agent.site ?? '')?.agency,
        ) &&
        (kind === undefined || agent.kind === kind),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  if (fitting.length === 0) throw new ApiError('INVALID_REQUEST', 'body.select: no edge agent fits');
  if (fitting.length > MOST_AGENTS)
    throw new ApiError(
      'INVALID_REQUEST',
      `body.select: ${fitting.length} agents fit, at most ${MOST_AGENTS} at once`,
    );
  return {
    agents: fitting.map(({ id }) => id),
    silent: fitting.filter(({ phase }) => phase !== 'live').map(({ id }) => id),
  };
}

/** A mistyped one of several would be left out, and nobody would know. What the agents themselves say counts too. */
function assertThere(
  deps: SelectionDeps,
  edge: readonly { readonly id: string; readonly unit?: string; readonly site?: string }[],
  { ids = [], units = [], sites = [], agencies = [] }: Selection,
): void {
  const { inventory } = deps;
  const known = new Set(edge.map(({ id }) => id));
  const told = {
    units: new Set(edge.map(({ unit }) => unit)),
    sites: new Set(edge.map(({ site }) => site)),
  };
  const unknown = [
    ...ids.filter((id) => !known.has(id)).map((name) => ({ at: 'body.select.ids', name }) as const),
    ...units
      .filter((code) => !inventory.units.has(code) && !told.units.has(code))
      .map((name) => ({ at: 'body.select.units', kind: 'unit', name }) as const),
    ...sites
      .filter((id) => !inventory.sites.has(id) && !told.sites.has(id))
      .map((name) => ({ at: 'body.select.sites', kind: 'site', name }) as const),
    ...agencies
      .filter((id) => !inventory.agencies.has(id))
      .map((name) => ({ at: 'body.select.agencies', kind: 'agency', name }) as const),
  ];
  if (unknown.length === 0) return;
  const named = unknown
    .slice(0, MOST_PROBLEMS)
    .map((each) =>
      'kind' in each
        ? problemWith(deps, each)
        : `${each.at}: expected the id of an edge agent, got "${each.name}"${suggestionFor(each.name, [...known])}`,
    );
  const more = unknown.length - named.length;
  const problems = more === 0 ? named : [...named, `body.select: and ${more} more that are not there`];
  throw new ApiError('UNKNOWN_NAME', problems.join('; '), { problems });
}
