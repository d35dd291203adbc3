import { AT_MS, AGENT } from './shared.ts';

/** What exists, and how it is. */
export const CITY_EXAMPLES = {
  'GET /api/v1/units': {
    items: [
      {
        code: '26737',
        name: 'Tân Định',
        nameEn: 'Tan Dinh',
        kind: 'ward',
        longitude: 106.69,
        latitude: 10.79,
        areaKm2: 1.23,
        state: 'down',
        sinceMs: AT_MS - 60_000,
        reason: '21 devices: 17 up, 1 down, 2 unreachable, 1 unknown; 5 of 6 sites up',
        roots: [],
        sites: 6,
        siteStates: { up: 5, down: 1, unreachable: 0, unknown: 0 },
        agents: { live: 11, silent: 1, stopped: 0, never_seen: 0 },
        devices: { up: 17, down: 1, unreachable: 2, unknown: 1 },
        activeAlerts: 3,
      },
    ],
  },
  'GET /api/v1/sites': {
    items: [
      {
        id: 'site-26737-01',
        unit: '26737',
        name: 'UBND Tân Định',
        unitName: 'Tân Định',
        kind: 'site',
        parents: ['hub-03'],
        longitude: 106.69,
        latitude: 10.79,
        state: 'unreachable',
        sinceMs: AT_MS - 60_000,
        reason: 'hub-03 is cut off: none of the 41 agents at or behind it is heard',
        roots: ['site:hub-03'],
        evidence: [],
        isDisputed: false,
        disputedBy: [],
        inService: true,
        devices: { up: 0, down: 0, unreachable: 5, unknown: 0 },
      },
    ],
  },
  'GET /api/v1/devices': {
    items: [
      {
        id: 'n-26737-01',
        kind: 'node',
        site: 'site-26737-01',
        unit: '26737',
        agent: AGENT.id,
        state: 'down',
        sinceMs: AT_MS - 60_000,
        reason: `${AGENT.id} measured device.up = false`,
        roots: [],
        evidence: [
          {
            agent: AGENT.id,
            measurement: 'device',
            field: 'up',
            value: false,
            verdict: 'bad',
            atMs: AT_MS - 4_000,
          },
        ],
        isDisputed: false,
        disputedBy: [],
        nextReviewMs: AT_MS + 26_000,
        inService: true,
      },
    ],
    nextCursor: 'bi0yNjczNy0wMQ',
  },
  'GET /api/v1/states': {
    items: [
      {
        ref: 'site:site-26737-01',
        id: 'site-26737-01',
        name: 'UBND Tân Định',
        kind: 'site',
        unit: '26737',
        site: 'site-26737-01',
        state: 'unreachable',
        fromMs: AT_MS - 3_600_000,
        toMs: AT_MS - 3_000_000,
        sinceMs: AT_MS - 3_900_000,
        roots: ['site:hub-03'],
        centralOff: false,
      },
    ],
  },
  'GET /api/v1/availability': {
    items: [
      {
        id: 'site-26737-01',
        name: 'UBND Tân Định',
        elements: 1,
        expectedMs: 86_400_000,
        timeMs: { up: 84_672_000, down: 0, unreachable: 864_000, unknown: 864_000 },
        sharePercent: { up: 98, down: 0, unreachable: 1, unknown: 1 },
        completeness: 0.99,
      },
    ],
    fromMs: AT_MS - 86_400_000,
    toMs: AT_MS,
  },
};
