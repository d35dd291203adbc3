import { because } from '../../../contract/reasons/reason-codes.ts';
import { AT_MS, AGENT, AGENCY, LINK } from './shared.ts';

const COVERAGE = {
  samples: 1_796,
  coveredSamples: 1_771,
  coveredPercent: 98.6,
  atLeastPercent: 97.9,
  atMostPercent: 99.1,
  dips: 2,
  dipS: 84,
  fallBacks: 1,
};

const POOL = {
  id: 'pool-dc1',
  site: 'dc1',
  resource: 'storage',
  agency: AGENCY.id,
  state: 'up',
  reason: 'measured, and its site is up',
  roots: [],
  sinceMs: AT_MS - 86_400_000,
  measuredAtMs: AT_MS - 8_000,
  forecast: {
    outcome: 'dated',
    daysToFull: { early: 41, middle: 66, late: 138 },
    usedPercent: 78.4,
    growthPerDay: 61_200_000_000,
    historyDays: 412,
    comparedWith: 57,
    method: 'weighted_growth',
    madeAtMs: AT_MS - 1_200_000,
  },
};

/** Lines, coverage, pools, and what depends on them. */
export const NETWORKS_EXAMPLES = {
  'GET /api/v1/coverage': {
    items: [
      {
        unit: '26737',
        name: 'Tân Định',
        modems: 5,
        completeness: 0.998,
        ...COVERAGE,
        operators: [{ operator: 'viettel', ...COVERAGE, rats: [{ rat: 'nr', ...COVERAGE }] }],
      },
    ],
    fromMs: AT_MS - 3_600_000,
    toMs: AT_MS,
    minimumRsrpDbm: -110,
    resolution: [{ of: 'raw', fromMs: AT_MS - 3_600_000, toMs: AT_MS }],
  },
  'GET /api/v1/links': {
    items: [
      {
        ...LINK,
        state: 'up',
        sinceMs: AT_MS - 86_400_000,
        reason: 'gw-26737-01 measured interface.oper_status = 1',
        reasons: [because('measured', { agent: 'gw-26737-01', what: 'interface.oper_status', value: 1 })],
        roots: [],
        evidence: [
          {
            agent: AGENT.id,
            measurement: 'interface',
            field: 'oper_status',
            value: 1,
            verdict: 'well',
            atMs: AT_MS - 4_000,
          },
        ],
        isDisputed: false,
        disputedBy: [],
        nextReviewMs: AT_MS + 26_000,
        inService: true,
      },
    ],
  },
  'GET /api/v1/pools': { items: [POOL] },
  'GET /api/v1/pools/{id}': { items: [POOL] },
  'GET /api/v1/services': {
    items: [
      {
        id: '1022',
        name: 'Tổng đài 1022',
        agency: 'so-khcn',
        availabilityTargetPercent: 99.9,
        needs: [{ anyOf: ['device:sbc-1', 'device:sbc-2'] }, 'service:data-sharing'],
        state: 'degraded',
        reason: 'sbc-2 down',
        reasons: [because('need', { id: 'sbc-2', state: 'down' })],
        roots: ['device:sbc-2'],
        sinceMs: AT_MS - 60_000,
      },
    ],
  },
  'GET /api/v1/blast-radius': {
    of: 'site:hub-03',
    given: 'all_up',
    state: 'up',
    sinceMs: AT_MS - 86_400_000,
    roots: [],
    counts: {
      devices: { cut: 1, degraded: 0 },
      sites: { cut: 1, degraded: 0 },
      links: { cut: 1, degraded: 0 },
      pools: { cut: 0, degraded: 0 },
      units: { cut: 0, degraded: 1 },
      services: { cut: 0, degraded: 1 },
      agencies: { cut: 1, degraded: 0 },
    },
    devices: [{ id: 'n-26737-01', effect: 'cut', kind: 'node', site: 'site-26737-01', unit: '26737' }],
    sites: [{ id: 'site-26737-01', effect: 'cut', kind: 'site', name: 'UBND Tân Định', unit: '26737' }],
    links: [{ id: 'up-26737-01', effect: 'cut' }],
    pools: [],
    units: [{ id: '26737', effect: 'degraded', name: 'Tân Định', sitesCut: 1, sites: 5, devicesCut: 1 }],
    services: [{ id: 'video', effect: 'degraded', name: 'Họp trực tuyến', reason: 'up-hub-03 unreachable' }],
    agencies: [{ id: 'vp-ubnd', effect: 'cut', name: 'Văn phòng UBND thành phố', affected: 1 }],
    truncated: false,
  },
};
