import { z } from 'zod';
import { expectedAgentSchema } from '../../../contract/inventory.ts';
import { AGENT_ID_PATTERN } from '../../../contract/topics.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { foldText } from '../../../runtime/fold-text.ts';
import { CONFIG_STATES } from '../../agent-config/standing.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { AGENT_PHASES, agentPhaseSchema, type AgentView } from '../../liveness/agent-view.ts';
import { isInOneOf, kindsParameter } from '../kinds-parameter.ts';
import { badCursor, cursorKey, cutPage, pageQuery, type ListKey, type Page } from '../paging.ts';
import { searchParameter } from '../search-parameter.ts';
import { presentOf, timeOf, timeZoneParameter } from '../times/time-range.ts';
import { compareVersions, isVersion, readVersionCondition } from './version.ts';

const ORDERS = ['id', 'version', 'lastSeen'] as const;
type Order = (typeof ORDERS)[number];

const VERSION_EXPECTED = 'expected a version such as 0.2.0, or a comparison such as <0.2.0, <=, >, >=, =';

/** The query parameters of the list of agents. */
export const agentListParameters = z.object({
  ...pageQuery(),
  unit: z.string().optional(),
  site: z.string().optional(),
  agency: z
    .string()
    .optional()
    .describe('only agents that this agency owns: the inventory says so of the agent, else of its site'),
  since: timeOf('only agents that were last seen at that time or later', '-1h'),
  tz: timeZoneParameter,
  state: kindsParameter(AGENT_PHASES, 'only agents in one of these phases, which are their states'),
  phase: agentPhaseSchema.optional().describe('only agents in this phase; `state` takes several'),
  kind: expectedAgentSchema.shape.kind.optional().describe('only agents of this kind'),
  config: z.enum(CONFIG_STATES).optional(),
  version: z
    .string(VERSION_EXPECTED)
    .transform((text, context) => {
      const fits = readVersionCondition(text);
      if (fits !== undefined) return fits;
      context.addIssue({ code: 'custom', message: VERSION_EXPECTED });
      return z.NEVER;
    })
    .optional()
    .meta({
      description:
        'only agents whose `software` is so, compared as SemVer; agents whose version is not known, or is no version, are left out and counted in `withoutVersion`',
      example: '<0.2.0',
    }),
  q: searchParameter('id, kind, site, unit and its name, software'),
  order: z
    .enum(ORDERS)
    .default('id')
    .describe(
      'by id, by version with the oldest first, or by the last sign of life with the longest silent first',
    ),
});
export type AgentListQuery = z.output<typeof agentListParameters>;

/** The agents that a query asks for, but for their config, in no order. Pure. */
export function matchingAgents(
  agents: readonly AgentView[],
  { unit, site, agency, state, phase, kind, version, q, since, tz }: AgentListQuery,
  { units, agents: expected, sites }: Pick<Inventory, 'units' | 'agents' | 'sites'>,
  central: { readonly clock: Pick<Clock, 'now'>; readonly timeZone: string },
): AgentView[] {
  const isFound = (agent: AgentView): boolean => {
    if (q === undefined) return true;
    const names = units.get(agent.unit ?? '');
    const texts = [agent.id, agent.kind, agent.site, agent.unit, names?.name, names?.nameEn, agent.software];
    return texts.some((text) => text !== undefined && foldText(text).includes(foldText(q)));
  };
  const sinceMs = since?.(presentOf(central, tz));
  const ownerOf = ({ id, site: at = '' }: AgentView): string | undefined =>
    expected.get(id)?.agency ?? sites.get(at)?.agency;
  return agents.filter(
    (agent) =>
      (unit === undefined || agent.unit === unit) &&
      (site === undefined || agent.site === site) &&
      (agency === undefined || ownerOf(agent) === agency) &&
      (sinceMs === undefined || (agent.lastSeenAtMs ?? 0) >= sinceMs) &&
      isInOneOf(state, agent.phase) &&
      (phase === undefined || agent.phase === phase) &&
      (kind === undefined || agent.kind === kind) &&
      (version === undefined || (agent.software !== undefined && version(agent.software))) &&
      isFound(agent),
  );
}

/** Of those that a query asks for, how many no condition on the version can be said of: none is known, or it is not SemVer. Pure. */
export function countWithoutVersion(agents: readonly AgentView[]): number {
  return agents.filter(({ software }) => software === undefined || !isVersion(software)).length;
}

type Sorted = Pick<AgentView, 'id' | 'software' | 'lastSeenAtMs'>;

/** Before the id, by which agents of one value are told apart. */
const VALUES: Readonly<Record<Order, (agent: Sorted) => string>> = {
  id: () => '',
  version: ({ software = '' }) => software,
  lastSeen: ({ lastSeenAtMs = 0 }) => String(lastSeenAtMs),
};
const COMPARE: Readonly<Record<Order, (a: string, b: string) => number>> = {
  id: () => 0,
  version: compareVersions,
  lastSeen: (a, b) => Number(a) - Number(b),
};

/** A page in the order that the query asks for. A cursor holds the value and the id of the last entry, so that it stays right while others move. */
export function agentPage<T extends Sorted>(agents: readonly T[], query: AgentListQuery): Page<T> {
  const { order } = query;
  const inOrder = (a: Position, b: Position): number =>
    COMPARE[order](a.value, b.value) || Number(a.id > b.id) - Number(a.id < b.id);
  const positionOf = (agent: T): Position => ({ value: VALUES[order](agent), id: agent.id });
  const key: ListKey<T> = {
    of: (agent) => (order === 'id' ? agent.id : JSON.stringify([order, VALUES[order](agent), agent.id])),
    pattern: order === 'id' ? AGENT_ID_PATTERN : /^\[/,
  };
  const after = readPosition(cursorKey(query, key), order);
  const behind = agents
    .map((agent) => ({ agent, position: positionOf(agent) }))
    .filter(({ position }) => after === undefined || inOrder(position, after) > 0)
    .sort((a, b) => inOrder(a.position, b.position))
    .slice(0, query.limit + 1)
    .map(({ agent }) => agent);
  return cutPage(behind, key, query);
}

interface Position {
  readonly value: string;
  readonly id: string;
}

function readPosition(text: string | undefined, order: Order): Position | undefined {
  if (text === undefined) return undefined;
  if (order === 'id') return { value: '', id: text };
  const parsed = POSITION.safeParse(parseOrUndefined(text));
  if (!parsed.success || parsed.data[0] !== order) throw badCursor();
  return { value: parsed.data[1], id: parsed.data[2] };
}

const POSITION = z.tuple([z.enum(ORDERS), z.string(), z.string().regex(AGENT_ID_PATTERN)]);

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
