import { AT_MS } from './shared.ts';

const TOKEN = {
  id: '1b32e22e-da57-470d-9a2d-14e7f6ed4abb',
  name: 'grafana',
  role: 'viewer',
  createdAtMs: AT_MS,
  expiresAtMs: AT_MS + 365 * 86_400_000,
};

/** Health, tokens and who did what. */
export const ACCESS_EXAMPLES = {
  'GET /healthz': { status: 'ok' },
  'GET /readyz': {
    ready: true,
    checks: [
      { name: 'broker', ok: true, detail: 'connected' },
      { name: 'store', ok: true, detail: 'accepts writes' },
      { name: 'alerts', ok: true, detail: 'samples are judged on arrival' },
      { name: 'clock', ok: true, detail: 'agrees with those of the agents' },
      { name: 'agents', ok: true, detail: 'are heard' },
    ],
  },
  'GET /api/v1/store-copy': { state: 'done', file: '/var/lib/wardwatch/store-copy/wardwatch.duckdb' },
  'POST /api/v1/store-copy': { state: 'running' },
  'GET /api/v1/tokens': { items: [{ ...TOKEN, lastUsedAtMs: AT_MS }] },
  'POST /api/v1/tokens': { ...TOKEN, token: 'wwt_shown-only-once' },
  'POST /api/v1/page-links': { path: '/?code=wwc_good-once', expiresAtMs: AT_MS + 600_000 },
  'GET /api/v1/audit': {
    items: [
      {
        id: 9,
        atMs: AT_MS,
        actor: 'an administrator',
        action: 'token.create',
        target: `${TOKEN.id} viewer grafana, expires 2028-01-15T08:00:00.000Z`,
        from: '10.0.0.5',
      },
    ],
  },
};
