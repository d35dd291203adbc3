import { AT_MS, AGENT } from './shared.ts';

/** Samples. */
export const SAMPLES_EXAMPLES = {
  'GET /api/v1/latest': {
    rows: [
      {
        tags: { agent: AGENT.id, device: 'n-26737-01', interface: 'ge-0/0/1', unit: '26737' },
        timeMs: AT_MS,
        fields: { oper_status: 1, in_bps: 84_210_000, out_bps: 12_400_000 },
      },
    ],
    nextCursor: 'MWIzMmUyMmUgMTAwMA',
  },
  'GET /api/v1/series': {
    fromMs: AT_MS - 7_200_000,
    toMs: AT_MS,
    everyMs: 3_600_000,
    timeZone: 'Asia/Ho_Chi_Minh',
    partial: [],
    series: [
      {
        tags: { unit: '26737' },
        points: [
          [AT_MS - 7_200_000, 412_000_000],
          [AT_MS - 3_600_000, 398_500_000],
        ],
      },
    ],
    truncated: false,
    resolution: [
      { of: 'hour', fromMs: AT_MS - 7_200_000, toMs: AT_MS - 3_600_000 },
      { of: 'minute', fromMs: AT_MS - 3_600_000, toMs: AT_MS },
    ],
  },
  'GET /api/v1/top': {
    order: 'desc',
    unit: 'bit/s',
    entries: [
      {
        tags: { agent: AGENT.id, device: 'n-26737-01', interface: 'ge-0/0/1', unit: '26737' },
        unitName: 'Tân Định',
        value: 941_300_000,
        timeMs: AT_MS - 3_000,
        stale: false,
      },
    ],
    total: 5_021,
    truncated: true,
    staleLeftOut: 12,
  },
  'GET /api/v1/catalogue': {
    measurements: [
      {
        name: 'environment',
        meaning: { en: 'air in a room', vi: 'không khí trong phòng' },
        tags: { device: { en: 'device in the inventory', vi: 'thiết bị trong danh mục' } },
        requiredTags: ['device'],
        fields: { smoke: { type: 'bool', unit: '', meaning: { en: 'smoke', vi: 'khói' } } },
        origin: 'agent',
      },
    ],
  },
};
