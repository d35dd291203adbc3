import { AT_MS, AGENT } from './shared.ts';

/** What is measured and the inventory lacks. */
export const TOPOLOGY_EXAMPLES = {
  'GET /api/v1/devices/unexpected': {
    items: [
      {
        device: 'n-26737-99',
        agents: ['gw-26737-01'],
        series: 12,
        measurements: ['device', 'interface'],
        firstSeenAtMs: AT_MS,
      },
    ],
  },
  'GET /api/v1/reconciliation': {
    items: [
      {
        kind: 'unexpected',
        what: 'device',
        id: 'n-26737-99',
        site: 'site-26737-01',
        unit: '26737',
        agents: ['gw-26737-01'],
        sinceMs: AT_MS,
        detail: 'it is measured (device, interface), and the inventory lacks it',
        proposal: {
          entry: {
            id: 'n-26737-99',
            kind: 'node',
            site: 'site-26737-01',
            unit: '26737',
            agent: 'gw-26737-01',
          },
        },
      },
    ],
    counts: { never_seen: 0, silent: 2, unexpected: 1, retired_reporting: 0 },
  },
  'POST /api/v1/devices/unexpected/{device}/adopt': {
    kind: 'devices',
    id: 'n-26737-99',
    revision: 8,
    changedAtMs: AT_MS,
    changedBy: 'an engineer',
    entry: {
      id: 'n-26737-99',
      kind: 'node',
      site: 'site-26737-01',
      unit: '26737',
      agent: 'gw-26737-01',
    },
  },
  'GET /api/v1/topology/proposals': {
    items: [
      {
        id: 't-3f9a1c0b7d2e4856',
        kind: 'parents',
        confidence: 'high',
        sites: ['site-26737-01'],
        units: ['26737'],
        change: {
          kind: 'sites',
          id: 'site-26737-01',
          revision: 7,
          fields: [{ field: 'parents', before: ['hub-03'], after: ['hub-03', 'hub-04'] }],
          text: 'sites/site-26737-01 changed: parents ["hub-03"] → ["hub-03","hub-04"]',
        },
        evidence: [
          {
            source: 'lldp',
            device: 'n-26737-01',
            interface: 'ge-0/0/2',
            sees: 'n-hub-04',
            as: 'hub-04, chassis 00:1c:73:b4:fd:69, port xe-0/1/3',
            agent: AGENT.id,
            observedAtMs: AT_MS - 120_000,
          },
        ],
      },
    ],
  },
  'POST /api/v1/topology/proposals/{id}/adopt': {
    kind: 'sites',
    id: 'site-26737-01',
    revision: 8,
    changedAtMs: AT_MS,
    changedBy: 'an engineer',
    entry: {
      id: 'site-26737-01',
      unit: '26737',
      name: 'Tân Định 1',
      kind: 'site',
      parents: ['hub-03', 'hub-04'],
    },
  },
  'POST /api/v1/topology/proposals/{id}/dismiss': {
    reason: 'a temporary cable, until 2026-12-31',
    actor: 'an operator',
    atMs: AT_MS,
  },
};
