import { AT_MS } from './shared.ts';

const NOTIFICATION = {
  id: 41,
  channel: 'noc-telegram',
  kind: 'alerts',
  key: 'n-5b6f0c0a7a1e4d2f9c3b8a7d6e5f4a3b',
  state: 'sent',
  alerts: 3,
  madeAtMs: AT_MS - 50_000,
  attempts: 2,
  endedAtMs: AT_MS - 44_000,
};

/** Who is told. */
export const NOTIFICATIONS_EXAMPLES = {
  'GET /api/v1/alerts/{id}/deliveries': {
    deliveries: [
      {
        ...NOTIFICATION,
        what: 'begin',
        receipts: [
          { atMs: AT_MS - 50_000, tookMs: 30, outcome: 'failed', answer: 'connection refused' },
          { atMs: AT_MS - 44_120, tookMs: 120, outcome: 'delivered', answer: 'status 200: {"ok":true}' },
        ],
      },
    ],
    owed: [{ channel: 'ward-mail', what: 'begin', sinceMs: AT_MS - 60_000, notBeforeMs: AT_MS + 3_600_000 }],
  },
  'GET /api/v1/notifications': { items: [NOTIFICATION], nextCursor: 'NDE' },
  'POST /api/v1/notifications/test': { outcome: 'delivered', answer: 'status 200: {"ok":true}' },
  'GET /api/v1/on-call': {
    atMs: AT_MS,
    layers: [
      {
        calendar: 'network',
        timeZone: 'Asia/Ho_Chi_Minh',
        layer: 'first',
        person: { id: 'an', name: 'Nguyễn Văn An', channels: ['sms-an'] },
        isOverride: false,
        untilMs: AT_MS + 86_400_000,
        next: { id: 'binh', name: 'Trần Thị Bình', channels: ['sms-binh'] },
      },
    ],
    gaps: [
      {
        calendar: 'network',
        timeZone: 'Asia/Ho_Chi_Minh',
        fromMs: AT_MS + 604_800_000,
        toMs: AT_MS + 604_860_000,
      },
    ],
  },
};
