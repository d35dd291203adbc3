import { AT_MS, AGENT } from './shared.ts';

/** What arrived. */
export const DELIVERY_EXAMPLES = {
  'GET /api/v1/ledger': {
    items: [
      {
        agent: AGENT.id,
        epoch: 'mywpiww0i000',
        stored: [
          [1, 118],
          [120, 240],
        ],
        declaredLost: [],
        missing: [[119, 119]],
        storeLost: [],
        awaited: [],
        lowest: 241,
        highest: 240,
        foldedBelow: 1,
        storedPoints: 23_900,
        refusedPoints: 0,
        lostPoints: 0,
        completeness: 0.9958,
        lastStoredAtMs: AT_MS,
      },
    ],
    completeness: 0.9958,
    implausible: [],
  },
  'GET /api/v1/ledger/completeness': {
    unit: '26737',
    fromMs: AT_MS - 7_200_000,
    toMs: AT_MS - 3_600_000,
    unitName: 'Tân Định',
    complete: false,
    centralOffMs: 0,
    completeness: 0.9988,
    nothingFrom: [],
    storedPoints: 36_000,
    refusedPoints: 0,
    lostPoints: 43,
    lateBatches: 2,
    missingBatches: 0,
    awaitedBatches: 0,
    agents: [
      {
        agent: AGENT.id,
        phase: 'live',
        storedPoints: 36_000,
        refusedPoints: 0,
        lostPoints: 43,
        lateBatches: 2,
        missingBatches: 0,
        awaitedBatches: 0,
      },
    ],
  },
  'GET /api/v1/ledger/hours': {
    items: [
      {
        agent: AGENT.id,
        hourMs: AT_MS,
        storedBatches: 360,
        storedPoints: 36_000,
        refusedPoints: 0,
        lostPoints: 0,
        lateBatches: 2,
      },
    ],
  },
  'GET /api/v1/quarantine': {
    items: [
      {
        id: 7,
        atMs: AT_MS,
        agent: AGENT.id,
        code: 'out-of-range',
        reason: 'field "rsrp_dbm": expected -156 to -31, got -200',
        state: 'waiting',
        replayable: false,
      },
    ],
    counts: { 'out-of-range': 1 },
    notKept: 0,
  },
  'GET /api/v1/quarantine/groups': {
    groups: [
      {
        ...{
          agent: AGENT.id,
          code: 'unknown-measurement',
          measurement: 'custom_pump',
          count: 120,
          replayable: 120,
        },
        ...{ firstAtMs: AT_MS - 3_600_000, lastAtMs: AT_MS, newestId: 127 },
        reason: 'measurement "custom_pump" is not in the catalogue',
      },
    ],
    total: 1,
    entries: 120,
    codes: ['unknown-measurement'],
    measurements: ['custom_pump'],
  },
  'GET /api/v1/quarantine/entries/{id}': {
    ...{ id: 127, atMs: AT_MS, agent: AGENT.id, measurement: 'custom_pump', code: 'unknown-measurement' },
    reason: 'measurement "custom_pump" is not in the catalogue',
    raw: { baseMs: AT_MS, tags: ['device'], fields: ['rpm'], row: [['pump-1'], -700, [1450]] },
    state: 'waiting',
    replayable: true,
  },
  'POST /api/v1/quarantine/replay': { taken: 120, refused: 0, notReplayable: 0 },
  'POST /api/v1/quarantine/discard': { discarded: 3 },
};
