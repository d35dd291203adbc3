import { because } from '../../../contract/reasons/reason-codes.ts';
import { AT_MS } from './shared.ts';

const TOKEN = {
  id: '1b32e22e-da57-470d-9a2d-14e7f6ed4abb',
  name: 'grafana',
  role: 'viewer',
  createdAtMs: AT_MS,
  expiresAtMs: AT_MS + 365 * 86_400_000,
};

const DEMO_FAULT = {
  id: 'demo-1',
  kind: 'fibre-cut',
  target: 'hub-01',
  startedAtMs: AT_MS,
  endsAtMs: AT_MS + 300_000,
  by: 'lan',
};

const SESSION = {
  language: 'vi',
  mayWrite: true,
  session: { kind: 'token', expiresAtMs: AT_MS + 12 * 3_600_000, idleAfterMs: 3_600_000 },
};

/** Health, tokens and who did what. */
export const ACCESS_EXAMPLES = {
  'GET /healthz': { status: 'ok' },
  'GET /readyz': {
    ready: true,
    checks: [
      { name: 'broker', ok: true, detail: 'connected', reasons: [because('connected')] },
      { name: 'store', ok: true, detail: 'accepts writes', reasons: [because('store_accepts')] },
      {
        name: 'alerts',
        ok: true,
        detail: 'samples are judged on arrival',
        reasons: [because('judged_on_arrival')],
      },
      {
        name: 'clock',
        ok: true,
        detail: 'agrees with those of the agents',
        reasons: [because('clock_agrees')],
      },
      { name: 'agents', ok: true, detail: 'are heard', reasons: [because('agents_heard')] },
    ],
  },
  'GET /api/v1/store-copy': { state: 'done', file: '/var/lib/wardwatch/store-copy/wardwatch.duckdb' },
  'POST /api/v1/store-copy': { state: 'running' },
  'GET /api/v1/tokens': { items: [{ ...TOKEN, lastUsedAtMs: AT_MS }] },
  'POST /api/v1/tokens': { ...TOKEN, token: 'wwt_shown-only-once' },
  'GET /api/v1/me': { name: 'lan', role: 'operator', limits: { units: ['26737'] }, ...SESSION },
  'GET /api/v1/login': {
    ways: ['token', 'oidc'],
    oidc: { name: 'SSO', isAvailable: true, startPath: '/login/oidc' },
  },
  'POST /api/v1/login': { name: 'lan', role: 'operator', ...SESSION },
  'POST /api/v1/logout': { providerLogoutUrl: 'https://sso.example/logout?client_id=wardwatch' },
  'GET /api/v1/sessions': {
    items: [
      {
        ...{ id: '5c2b91de-2f6a-4a0e-9d7e-0d1f0b8f3c11', kind: 'oidc', name: 'lan (OIDC)', role: 'operator' },
        ...{ createdAtMs: AT_MS, expiresAtMs: AT_MS + 12 * 3_600_000, lastUsedAtMs: AT_MS + 60_000 },
      },
    ],
  },
  'GET /api/v1/demo': {
    kinds: [
      {
        kind: 'fibre-cut',
        title: { vi: 'Cắt cáp quang', en: 'Cut a fibre' },
        explanation: { vi: 'Đường cáp của một nút mạng bị đứt.', en: 'The line of a hub is cut.' },
        target: 'site',
        suggested: 'hub-01',
        lastsMs: 300_000,
      },
    ],
    faults: [DEMO_FAULT],
  },
  'POST /api/v1/demo/faults': DEMO_FAULT,
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
