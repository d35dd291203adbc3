import { describe, expect, it } from 'vitest';
import type { AgentView } from '../../liveness/agent-view.ts';
import { agentListParameters, agentPage, matchingAgents } from './agent-list.ts';

const UNIT = {
  code: '26737',
  name: 'Tân Định',
  nameEn: 'Tan Dinh',
  kind: 'ward',
  longitude: 106.69,
  latitude: 10.79,
  areaKm2: 1,
} as const;
const INVENTORY = {
  units: new Map([['26737', UNIT]]),
  agents: new Map([
    ['gw-2', { id: 'gw-2', kind: 'gateway', site: 's-2', unit: '26740', agency: 'dost' } as const],
  ]),
  sites: new Map([
    [
      'dc-1',
      {
        ...({ id: 'dc-1', unit: '26737', name: 'dc', kind: 'datacentre', agency: 'dost' } as const),
        ...{ longitude: 106.69, latitude: 10.79 },
      },
    ],
  ]),
};
const CENTRAL = { clock: { now: () => 1_000 }, timeZone: 'UTC' };

const AGENTS: readonly AgentView[] = [
  agent('gw-1', { software: '0.1.9', unit: '26737', kind: 'gateway', lastSeenAtMs: 900 }),
  agent('gw-2', { software: '0.1.10', unit: '26740', kind: 'gateway', phase: 'silent', lastSeenAtMs: 1_000 }),
  agent('gw-3', { software: '0.2.0-rc.1', unit: '26740', kind: 'gateway', lastSeenAtMs: 800 }),
  agent('srv-1', { software: '0.2.0', site: 'dc-1', kind: 'server', lastSeenAtMs: 800 }),
  agent('gw-4', { phase: 'never_seen', kind: 'gateway' }),
];

function agent(id: string, more: Partial<AgentView>): AgentView {
  return { id, phase: 'live', expected: true, intervalMs: 10_000, ...more };
}

function ids(query: Record<string, string>): string[] {
  const parsed = agentListParameters.parse(query);
  return agentPage(matchingAgents(AGENTS, parsed, INVENTORY, CENTRAL), parsed).items.map(({ id }) => id);
}

describe('the list of agents', () => {
  it.each<[Record<string, string>, string[]]>([
    [{ version: '<0.2.0' }, ['gw-1', 'gw-2', 'gw-3']],
    [{ version: '<0.2.0-rc.1' }, ['gw-1', 'gw-2']],
    [{ version: '0.2.0' }, ['srv-1']],
    [{ phase: 'silent' }, ['gw-2']],
    [{ kind: 'server' }, ['srv-1']],
    [{ unit: '26740', phase: 'live' }, ['gw-3']],
    [{ q: 'TAN DINH' }, ['gw-1']],
    [{ q: 'Tân' }, ['gw-1']],
    [{ q: 'dc-1' }, ['srv-1']],
    [{ q: 'gw' }, ['gw-1', 'gw-2', 'gw-3', 'gw-4']],
    [{ q: 'nothing' }, []],
    [{ site: 'dc-1' }, ['srv-1']],
    [{ agency: 'dost' }, ['gw-2', 'srv-1']],
    [{ since: '900' }, ['gw-1', 'gw-2']],
    [{ since: '-100ms' }, ['gw-1', 'gw-2']],
  ])('with %o has %o', (query, expected) => expect(ids(query)).toEqual(expected));

  it('has the oldest version first, or the longest silent', () => {
    expect(ids({ order: 'version' })).toEqual(['gw-4', 'gw-1', 'gw-2', 'gw-3', 'srv-1']);
    expect(ids({ order: 'lastSeen' })).toEqual(['gw-4', 'gw-3', 'srv-1', 'gw-1', 'gw-2']);
  });

  it.each(['id', 'version', 'lastSeen'])('in the order of %s has each on one page', (order) => {
    const walked: string[] = [];
    let cursor: string | undefined;
    do {
      const query = agentListParameters.parse({ order, limit: '2', ...(cursor !== undefined && { cursor }) });
      const page = agentPage(AGENTS, query);
      walked.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(walked).toEqual(ids({ order }));
  });

  it('refuses a cursor of another order, and what is none', () => {
    const { nextCursor = '' } = agentPage(
      AGENTS,
      agentListParameters.parse({ order: 'version', limit: '1' }),
    );
    for (const cursor of [nextCursor, 'W10', 'WyJsYXN0U2VlbiJd', 'eyJ9', ''])
      expect(() => agentPage(AGENTS, agentListParameters.parse({ order: 'lastSeen', cursor }))).toThrow(
        /cursor/,
      );
  });
});
