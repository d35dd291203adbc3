import { because } from '../../../contract/reasons/reason-codes.ts';
import { AT_MS, AGENT } from './shared.ts';

/** What exists, and how it is. */
export const CITY_EXAMPLES = {
  'GET /api/v1/city': {
    madeAtMs: AT_MS,
    isSimulated: false,
    units: [
      {
        ...{ code: '26737', name: 'Tân Định', kind: 'ward' },
        ...{ longitude: 106.69, latitude: 10.79, areaKm2: 1.23 },
        ...{ state: 'down', sinceMs: AT_MS - 60_000, sites: 6 },
        agents: { live: 11, silent: 1, stopped: 0, never_seen: 0 },
        devices: { up: 17, down: 1, unreachable: 2, unknown: 1 },
        activeAlerts: 3,
      },
    ],
    incidents: { items: [], isMore: false },
    services: [{ id: 'mail', name: 'Thư điện tử', state: 'up', sinceMs: AT_MS - 86_400_000 }],
    readiness: {
      ready: true,
      checks: [{ name: 'store', ok: true, detail: 'accepts writes', reasons: [because('store_accepts')] }],
    },
    pools: {
      soonest: [{ id: 'pool-dc1', resource: 'storage', days: 41, madeAtMs: AT_MS - 3_600_000 }],
      unknown: 0,
    },
    figures: { completenessPercent: 99.8, samplesPerS: 4_210, lagMs: 740 },
  },
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
        reasons: [
          because('devices_by_state', { devices: 21, up: 17, down: 1, unreachable: 2, unknown: 1 }),
          because('sites_up', { up: 5, sites: 6 }),
        ],
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
        reasons: [because('cut_off', { id: 'hub-03', agents: 41 })],
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
        reasons: [because('measured', { agent: AGENT.id, what: 'device.up', value: 'false' })],
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
