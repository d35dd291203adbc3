import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Socket } from 'node:net';
import { EXIT } from '../../runtime/errors.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { checkConfig } from '../../runtime/config.ts';
import { centralConfigSchema } from '../config/config.ts';
import { createCentral, type Central } from '../main.ts';

let directory: string;
let central: Central;
let admin: string;
let viewer: string;

const unit = {
  code: '26734',
  name: 'Tân Định',
  nameEn: 'Tan Dinh',
  kind: 'ward',
  longitude: 106.69,
  latitude: 10.79,
  areaKm2: 1.2,
};
const site = {
  id: 'site-1',
  unit: '26734',
  name: 'UBND <Tân Định>',
  kind: 'site',
  longitude: 106.69,
  latitude: 10.79,
};
const agent = { id: 'gw-1', kind: 'gateway', site: 'site-1', unit: '26734' };
const device = { id: 'node-1', kind: 'node', site: 'site-1', unit: '26734', agent: 'gw-1' };

function configOf(changes: object = {}) {
  const base = {
    dataDirectory: join(directory, 'central'),
    api: { port: 0 },
    broker: { kind: 'embedded', port: 0 },
  };
  return checkConfig('test', { ...base, ...changes }, centralConfigSchema);
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-api-'));
  central = createCentral(configOf(), {
    log: silentLogger,
    version: '0.0.0-test',
    env: {},
    checkAgentConfig: async () => [],
    inventory: { units: [unit], sites: [site], agents: [agent], devices: [device] },
  });
  await central.start(new AbortController().signal);
  admin = central.createAdminToken();
  const made = await call('/api/v1/tokens', {
    token: admin,
    method: 'POST',
    body: { name: 'viewer', role: 'viewer' },
  });
  viewer = String(made.json['token']);
});
afterAll(async () => {
  await central.stop();
  rmSync(directory, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly json: Record<string, unknown>;
}

async function call(
  path: string,
  options: { token?: string; method?: string; body?: unknown } = {},
): Promise<Answer> {
  const answer = await fetch(`${central.apiUrl()}${path}`, {
    method: options.method ?? 'GET',
    headers: {
      ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
      ...(options.body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
  });
  const text = await answer.text();
  const type = answer.headers.get('content-type') ?? '';
  return {
    status: answer.status,
    type,
    json: type.includes('json') ? (JSON.parse(text) as Record<string, unknown>) : { text },
  };
}

describe('who may ask', () => {
  it('tells a watchdog without a token that it is alive and ready, and nobody else anything', async () => {
    expect(await call('/healthz')).toMatchObject({ status: 200, json: { status: 'ok' } });
    expect(await call('/readyz')).toMatchObject({ status: 200, json: { ready: true } });
    for (const path of ['/plain', '/metrics', '/api/v1/units', '/api/v1/tokens']) {
      expect(await call(path), path).toMatchObject({ status: 401, json: { code: 'NOT_AUTHENTICATED' } });
    }
    expect((await call('/api/v1/units', { token: 'wwt_guess' })).status).toBe(401);
  });

  it('lets a viewer read, but not make tokens', async () => {
    expect((await call('/api/v1/units', { token: viewer })).status).toBe(200);
    const refused = await call('/api/v1/tokens', {
      token: viewer,
      method: 'POST',
      body: { name: 'x', role: 'admin' },
    });
    expect(refused).toMatchObject({ status: 403, json: { code: 'ROLE_TOO_LOW' } });
  });

  it('audits each write, and a revoked token is worth nothing', async () => {
    const made = await call('/api/v1/tokens', {
      token: admin,
      method: 'POST',
      body: { name: 'grafana', role: 'viewer' },
    });
    expect(made.status).toBe(201);
    const { token, id } = made.json as { token: string; id: string };
    expect((await call('/api/v1/agents', { token })).status).toBe(200);
    expect((await call(`/api/v1/tokens/${id}`, { token: admin, method: 'DELETE' })).status).toBe(204);
    expect((await call('/api/v1/agents', { token })).status).toBe(401);
    const audit = await call('/api/v1/audit', { token: admin });
    const actions = (audit.json['items'] as { action: string }[]).map((entry) => entry.action);
    expect(actions.slice(0, 2)).toEqual(['token.revoke', 'token.create']);
    expect(JSON.stringify(audit.json)).not.toContain(token);
  });

  it('makes tokens that expire, and no token that the terminal of an auditor would obey', async () => {
    const make = (body: object) =>
      call('/api/v1/tokens', { token: admin, method: 'POST', body: { role: 'viewer', ...body } });
    const usual = await make({ name: 'usual' });
    const days = (Number(usual.json['expiresAtMs']) - Number(usual.json['createdAtMs'])) / 86_400_000;
    expect(days).toBe(365);
    expect((await make({ name: 'endless', expiresAtMs: null })).json).not.toHaveProperty('expiresAtMs');
    for (const [body, problem] of [
      [
        { name: 'past', expiresAtMs: 1_000 },
        /^body\.expiresAtMs: expected a time after now \(\d+\), got 1000$/,
      ],
      [{ name: 'beyond', expiresAtMs: 8_640_000_000_000_001 }, /^body\.expiresAtMs: Too big/],
      [{ name: '\u001b[2J' }, /^body\.name: expected no control characters/],
      [{ name: 'a\0' }, /^body\.name: expected no control characters/],
      [{ name: '' }, /^body\.name: /],
    ] as const) {
      const answer = await make(body);
      expect(answer).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } });
      expect(answer.json['detail']).toMatch(problem);
    }
    const { json } = await call('/api/v1/tokens', { token: admin });
    const names = (json['items'] as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['usual', 'endless', 'first start']));
    expect((json['items'] as { name: string }[]).find(({ name }) => name === 'first start')).toMatchObject({
      lastUsedAtMs: expect.any(Number) as number,
    });
  });

  it('gives phones a password, and no agent whose id only begins like theirs', async () => {
    const issue = (id: string) => call(`/api/v1/agents/${id}/credential`, { token: admin, method: 'PUT' });
    expect((await issue('phone-07')).status).toBe(200);
    const refused = await issue(`phone-${'x'.repeat(33)}`);
    expect(refused).toMatchObject({ status: 400, json: { code: 'AGENT_ID_RESERVED' } });
    expect(refused.json['detail']).toMatch(/are those of phones: expected phone- and 1 to 32/);
    expect((await issue('phone-')).status).toBe(400);
  });

  it('revokes the password of an agent named central, given before that name was reserved', async () => {
    const credentials = central.credentials();
    const password = credentials.issue('central', 0);
    const revoke = () => call('/api/v1/agents/central/credential', { token: admin, method: 'DELETE' });
    expect((await revoke()).status).toBe(204);
    expect(credentials.verify('central', password)).toBe(false);
    expect((await revoke()).status).toBe(404);
  });

  it('takes the link that start prints once, and gives the browser a cookie that may only read', async () => {
    const link = central.pageLink();
    const looked = await fetch(link, { method: 'HEAD', redirect: 'manual' });
    expect(looked.headers.get('set-cookie')).toBeNull();
    const first = await fetch(link, { redirect: 'manual' });
    const setCookie = first.headers.get('set-cookie') ?? '';
    const cookie = setCookie.split(';')[0] ?? '';
    expect([first.status, first.headers.get('location')]).toEqual([302, '/']);
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect(first.headers.get('referrer-policy')).toBe('no-referrer');
    expect(setCookie).toMatch(/HttpOnly.*SameSite=Strict/);
    expect(cookie).not.toContain(new URL(link).searchParams.get('code'));
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(401);
    for (const secret of [viewer, admin])
      expect((await fetch(`${central.apiUrl()}/plain?token=${secret}`)).status).toBe(401);
    const page = await fetch(`${central.apiUrl()}/plain`, { headers: { cookie } });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Tân Định');
    for (const headers of [
      { cookie },
      { cookie, origin: central.apiUrl() },
      { cookie, authorization: 'Basic eDp5' },
      { cookie, authorization: 'x' },
      { cookie, authorization: 'Bearer ' },
      { cookie, authorization: 'Bearer wwt_guess' },
    ]) {
      const write = await fetch(`${central.apiUrl()}/api/v1/page-links`, { method: 'POST', headers });
      expect([401, 403], JSON.stringify(headers)).toContain(write.status);
    }
  });

  it('gives a link to whoever has a token, and its session ends with that token', async () => {
    const made = await call('/api/v1/tokens', {
      token: admin,
      method: 'POST',
      body: { name: 'guest', role: 'admin' },
    });
    const { token, id } = made.json as { token: string; id: string };
    const { path } = (await call('/api/v1/page-links', { token, method: 'POST' })).json;
    const first = await fetch(`${central.apiUrl()}${String(path)}`, { redirect: 'manual' });
    const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';
    const open = async (at: string) =>
      (await fetch(`${central.apiUrl()}${at}`, { headers: { cookie } })).status;
    expect([await open('/plain'), await open('/api/v1/units'), await open('/api/v1/tokens')]).toEqual([
      200, 200, 403,
    ]);
    await call(`/api/v1/tokens/${id}`, { token: admin, method: 'DELETE' });
    expect([await open('/plain'), await open('/api/v1/units')]).toEqual([401, 401]);
  });
});

describe('what it answers', () => {
  it('lists the city: an agent that never came is unknown, not down', async () => {
    const units = await call('/api/v1/units', { token: viewer });
    expect(units.json).toMatchObject({
      items: [{ code: '26734', agents: { never_seen: 1 }, devices: { unknown: 1, down: 0 } }],
    });
    const devices = await call('/api/v1/devices?state=unknown', { token: viewer });
    expect(devices.json).toMatchObject({ items: [{ id: 'node-1', reason: 'agent gw-1 was never seen' }] });
    expect((await call('/api/v1/agents/gw-1', { token: viewer })).json).toMatchObject({
      phase: 'never_seen',
      expected: true,
    });
  });

  it.each([
    ['/api/v1/agents/nobody', 404, 'AGENT_NOT_FOUND'],
    ['/api/v1/alerts/nothing', 404, 'ALERT_NOT_FOUND'],
    ['/api/v1/nowhere', 404, 'ROUTE_NOT_FOUND'],
    ['/api/v1/latest?measurement=nonsense', 400, 'UNKNOWN_MEASUREMENT'],
    ['/api/v1/series?measurement=ping&field=nonsense', 400, 'UNKNOWN_FIELD'],
    ['/api/v1/series?measurement=ping&field=average_response_ms&every=5x', 400, 'INVALID_REQUEST'],
    ['/api/v1/series?measurement=ping&field=average_response_ms&from=9&to=5', 400, 'EMPTY_RANGE'],
    ['/api/v1/series?measurement=ping&field=average_response_ms&group=colour', 400, 'UNKNOWN_TAG'],
    ["/api/v1/series?measurement=ping&field=average_response_ms&tag.device'--=x", 400, 'BAD_TAG'],
    ['/api/v1/agents?limit=0', 400, 'INVALID_REQUEST'],
    ['/api/v1/agents?cursor=%00', 400, 'BAD_CURSOR'],
  ])('%s is refused with a problem that says why', async (path, status, code) => {
    const answer = await call(path, { token: viewer });
    expect(answer).toMatchObject({ status, json: { status, code } });
    expect(answer.type).toContain('application/problem+json');
  });

  it('describes itself in OpenAPI 3.1, every route with a summary', async () => {
    const { json } = await call('/docs/json', { token: viewer });
    expect(json['openapi']).toBe('3.1.0');
    const paths = json['paths'] as Record<string, Record<string, { summary?: string }>>;
    expect(Object.keys(paths)).toContain('/api/v1/series');
    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, route] of Object.entries(methods))
        expect(route.summary, `${method} ${path}`).toBeTruthy();
    }
  });

  it('gives Prometheus its metrics', async () => {
    const { json, type } = await call('/metrics', { token: viewer });
    expect(type).toContain('text/plain');
    expect(json['text']).toMatch(/^wardwatch_stored_points_total 0$/m);
    expect(json['text']).toMatch(/^wardwatch_resident_memory_bytes [1-9]\d+$/m);
    expect(json['text']).toMatch(/^wardwatch_cpu_seconds_total \d+\.\d+$/m);
  });
});

/** What central sends to bytes on its port until it closes the connection. */
async function answerTo(bytes: Buffer | string): Promise<string> {
  const { port, hostname } = new URL(central.apiUrl());
  const socket: Socket = connect(Number(port), hostname);
  let text = '';
  socket.on('error', () => undefined).on('data', (chunk) => (text += chunk.toString()));
  socket.write(bytes);
  await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

describe('rubbish at the port', () => {
  it('answers bytes that are no HTTP, and headers that are too large, with a problem', async () => {
    const noHttp = await answerTo(Buffer.from([0, 255, 1, 2, 13, 10, 13, 10]));
    const large = await answerTo(`GET /api/v1/units?${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`);
    for (const [answer, status, code] of [
      [noHttp, 'HTTP/1.1 400 Bad Request', 'BAD_REQUEST'],
      [large, 'HTTP/1.1 431 Request Header Fields Too Large', 'HEADERS_TOO_LARGE'],
    ] as const) {
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      expect(head).toContain(status);
      expect(head).toContain('application/problem+json');
      expect(JSON.parse(body)).toMatchObject({ code });
    }
  });

  it('survives bodies that are too large', async () => {
    const large = await call('/api/v1/tokens', {
      token: admin,
      method: 'POST',
      body: { name: 'x'.repeat(100_000), role: 'viewer' },
    });
    expect(large.status).toBe(413);
    expect((await call('/healthz')).status).toBe(200);
  });
});

describe('a second central', () => {
  const plain = { log: silentLogger, version: 't', env: {}, checkAgentConfig: async () => [] };

  it('is told in one line that the data directory is held', async () => {
    const second = createCentral(configOf(), plain);
    await expect(second.start(new AbortController().signal)).rejects.toMatchObject({
      exitCode: EXIT.dataDirectory,
    });
  });

  it('is told in one line that the port is in use, and leaves nothing running', async () => {
    const port = Number(new URL(central.apiUrl()).port);
    const second = createCentral(configOf({ dataDirectory: join(directory, 'other'), api: { port } }), plain);
    await expect(second.start(new AbortController().signal)).rejects.toMatchObject({
      exitCode: EXIT.portInUse,
    });
    const third = createCentral(configOf({ dataDirectory: join(directory, 'other') }), plain);
    await third.start(new AbortController().signal);
    await third.stop();
  });
});
