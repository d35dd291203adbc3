import { AT_MS, ALERT } from './shared.ts';

const SILENCE = {
  id: 's-41',
  match: { rule: ['port_*'], device: ['n-26737-01'] },
  startsAtMs: AT_MS,
  endsAtMs: AT_MS + 4 * 3_600_000,
  reason: 'the ports of the new switch are patched tonight',
  by: 'lan',
  madeAtMs: AT_MS,
  state: 'active',
};

const WINDOW = {
  id: 'm-7',
  revision: 1,
  covers: ['site:hub-03'],
  withDependents: true,
  reason: 'the UPS of the hub is exchanged',
  approvedBy: 'Trần Văn Bình',
  schedule: { repeats: 'once', startsAtMs: AT_MS + 3_600_000, endsAtMs: AT_MS + 3 * 3_600_000 },
  by: 'lan',
  madeAtMs: AT_MS,
  changedBy: 'lan',
  changedAtMs: AT_MS,
  state: 'pending',
  next: [{ fromMs: AT_MS + 3_600_000, toMs: AT_MS + 3 * 3_600_000 }],
};

const WINDOW_WRITTEN = {
  ...WINDOW,
  overlaps: [{ id: 'm-5', reason: 'weekly patches', fromMs: AT_MS + 3_600_000, toMs: AT_MS + 2 * 3_600_000 }],
};

const ACKNOWLEDGED = {
  ...ALERT,
  acknowledgement: { by: 'lan', atMs: AT_MS, text: 'the fire service is on its way' },
  assignee: 'Minh',
};

/** What people do with alerts. */
export const ALERT_HANDLING_EXAMPLES = {
  'POST /api/v1/alerts/acknowledge': { done: [ALERT.id], over: [], unknown: [], full: [] },
  ...Object.fromEntries(
    [
      'POST /api/v1/alerts/{id}/acknowledge',
      'DELETE /api/v1/alerts/{id}/acknowledge',
      'POST /api/v1/alerts/{id}/assign',
      'POST /api/v1/alerts/{id}/comment',
      'POST /api/v1/alerts/{id}/close',
      'POST /api/v1/alerts/{id}/shelve',
      'DELETE /api/v1/alerts/{id}/shelve',
    ].map((operation) => [operation, ACKNOWLEDGED]),
  ),
  'GET /api/v1/silences': { items: [SILENCE] },
  'GET /api/v1/silences/{id}': SILENCE,
  'POST /api/v1/silences': { ...SILENCE, takesNow: 3 },
  'DELETE /api/v1/silences/{id}': { ...SILENCE, state: 'expired', endedAtMs: AT_MS, endedBy: 'lan' },
  'GET /api/v1/maintenance': { items: [WINDOW] },
  'GET /api/v1/maintenance/{id}': WINDOW,
  'POST /api/v1/maintenance': WINDOW_WRITTEN,
  'PUT /api/v1/maintenance/{id}': WINDOW_WRITTEN,
  'POST /api/v1/maintenance/{id}/end': WINDOW,
  'DELETE /api/v1/maintenance/{id}': { ...WINDOW, state: 'ended', endedAtMs: AT_MS, next: [] },
};
