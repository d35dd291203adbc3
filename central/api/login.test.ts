import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IDLE_MS } from '../access/sessions.ts';
import { ApiHarness } from './testing/api-harness.ts';

let harness: ApiHarness;
beforeAll(async () => {
  harness = await ApiHarness.open();
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

const OWN = { host: 'central.example', origin: 'http://central.example', 'x-wardwatch-board': '1' };

interface Sent {
  readonly method?: string;
  readonly cookie?: string;
  readonly payload?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly address?: string;
}

/** As the board asks, unless `headers` say otherwise. */
function ask(url: string, { method = 'GET', cookie, payload, headers = OWN, address }: Sent = {}) {
  return harness.call(method, url, {
    token: '',
    headers: { ...headers, ...(cookie !== undefined && { cookie }) },
    ...(payload !== undefined && { payload: JSON.stringify(payload) }),
    ...(address !== undefined && { address }),
  });
}

async function logIn(token: string, cookie?: string): Promise<string> {
  const answer = await ask('/api/v1/login', {
    ...{ method: 'POST', payload: { token } },
    ...(cookie !== undefined && { cookie }),
  });
  expect(answer.status, answer.text).toBe(200);
  const set = String(answer.headers['set-cookie']);
  expect(set).toMatch(/^wardwatch_session=wws_[\w-]{32}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
  return set.split(';')[0] ?? '';
}

const note = (cookie: string, headers = OWN as Readonly<Record<string, string>>) =>
  ask('/api/v1/silences', {
    ...{ method: 'POST', cookie, headers },
    payload: {
      ...{ match: { device: ['node-1'] }, reason: 'a test' },
      endsAtMs: harness.parts.clock.now() + 3_600_000,
    },
  });

describe('a person who logs in with a token', () => {
  it('is told who they are, and may do what the token may', async () => {
    expect((await ask('/api/v1/login')).json).toEqual({ ways: ['token'] });
    const cookie = await logIn(` ${harness.tokens.operator}\n`);
    const me = await ask('/api/v1/me', {
      cookie,
      headers: { 'accept-language': 'fr, en-GB;q=0.8, vi;q=0.5' },
    });
    expect(me.json).toMatchObject({
      ...{ name: 'operator', role: 'operator', language: 'en', mayWrite: true },
      session: { kind: 'token', idleAfterMs: IDLE_MS },
    });
    expect(await note(cookie)).toMatchObject({ status: 201 });
    const tooHigh = await ask('/api/v1/tokens', { cookie });
    expect(tooHigh).toMatchObject({ status: 403, json: { code: 'ROLE_TOO_LOW' } });
    const [written, opened] = harness.parts.audit.list(2);
    expect([written?.actor, written?.action]).toEqual(['operator', 'silence.create']);
    expect(opened).toMatchObject({ action: 'session.open', target: 'token session of operator, operator' });
  });

  it('is limited as the token is', async () => {
    const { token } = harness.parts.tokens.create('ward', 'operator', 0, null, {
      limits: { units: ['26734'] },
    });
    const cookie = await logIn(token);
    expect((await ask('/api/v1/me', { cookie })).json).toMatchObject({ limits: { units: ['26734'] } });
    expect((await ask('/metrics', { cookie })).json).toMatchObject({ code: 'OUTSIDE_LIMITS' });
  });

  it('ends it by logging out, by time and by a token that is revoked', async () => {
    const { token, id } = harness.parts.tokens.create('short', 'viewer', harness.parts.clock.now());
    const [first, second] = [await logIn(token), await logIn(token)];
    expect(await ask('/api/v1/logout', { method: 'POST', cookie: first })).toMatchObject({
      status: 200,
      json: {},
    });
    const status = async (cookie: string) => (await ask('/api/v1/me', { cookie })).status;
    expect([await status(first), await status(second)]).toEqual([401, 200]);
    harness.parts.tokens.revoke(id);
    expect(await status(second)).toBe(401);
  });

  it('ends where an administrator ends it', async () => {
    const cookie = await logIn(harness.tokens.viewer);
    const { items } = (await harness.call('GET', '/api/v1/sessions')).json as {
      items: { id: string; name: string }[];
    };
    for (const { id } of items.filter(({ name }) => name === 'viewer'))
      expect((await harness.call('DELETE', `/api/v1/sessions/${id}`)).status).toBe(204);
    expect((await ask('/api/v1/me', { cookie })).status).toBe(401);
    expect(harness.parts.audit.list(1)).toMatchObject([{ actor: 'admin', action: 'session.end' }]);
    expect((await harness.call('DELETE', '/api/v1/sessions/none')).json).toMatchObject({
      code: 'SESSION_NOT_FOUND',
    });
  });

  it('reads events as with a token, and no longer once logged out', async () => {
    const cookie = await logIn(harness.tokens.viewer);
    const open = await ask('/api/v1/events', { cookie });
    expect([open.status, open.text]).toEqual([200, expect.stringContaining('retry:')]);
    await ask('/api/v1/logout', { method: 'POST', cookie });
    expect((await ask('/api/v1/events', { cookie })).status).toBe(401);
  });
});

describe('a cookie of a session', () => {
  it('is a new one at each login, whatever the browser brought, and the old one ends', async () => {
    const planted = 'wardwatch_session=wws_planted-by-somebody-else-000000000';
    const first = await logIn(harness.tokens.admin, planted);
    expect(first).not.toBe(planted);
    expect((await ask('/api/v1/me', { cookie: planted })).status).toBe(401);
    const second = await logIn(harness.tokens.viewer, first);
    expect((await ask('/api/v1/me', { cookie: first })).status).toBe(401);
    expect((await ask('/api/v1/me', { cookie: second })).json).toMatchObject({ role: 'viewer' });
  });

  it('writes nothing for pages elsewhere', async () => {
    const cookie = await logIn(harness.tokens.admin);
    const before = (await ask('/api/v1/silences', { cookie })).json['items'];
    const { 'x-wardwatch-board': _mark, ...form } = OWN;
    for (const headers of [
      form,
      { ...OWN, origin: 'http://evil.example' },
      { ...OWN, 'sec-fetch-site': 'cross-site' },
      { ...OWN, origin: 'null' },
      { host: 'central.example', 'x-wardwatch-board': '1' },
    ]) {
      expect(await note(cookie, headers), JSON.stringify(headers)).toMatchObject({
        ...{ status: 403, json: { code: 'CROSS_SITE_WRITE' } },
      });
      const logOut = await ask('/api/v1/logout', { method: 'POST', cookie, headers });
      expect(logOut.status).toBe(403);
      const logIn = { method: 'POST', headers, payload: { token: harness.tokens.viewer } };
      expect((await ask('/api/v1/login', logIn)).headers['set-cookie']).toBeUndefined();
    }
    expect((await ask('/api/v1/silences', { cookie })).json['items']).toEqual(before);
  });

  it('of a link for a screen writes nothing at all, and one of a person opens no screen that nobody can close', async () => {
    const { sessions, clock } = harness.parts;
    const screen = await ask(`/?code=${sessions.createCode({ name: 'wall' }, clock.now()).code}`, {
      headers: { accept: 'text/html' },
    });
    const cookie = String(screen.headers['set-cookie']).split(';')[0] ?? '';
    expect((await ask('/api/v1/me', { cookie })).json).toMatchObject({ role: 'viewer', mayWrite: false });
    const write = await ask('/api/v1/page-links', { method: 'POST', cookie });
    expect(write).toMatchObject({ status: 403, json: { code: 'COOKIE_READS_ONLY' } });
    const person = sessions.openForPerson({ subject: 'p-1', name: 'lan (OIDC)', role: 'admin' }, clock.now());
    const ofPerson = `wardwatch_session=${person.session}`;
    expect((await ask('/api/v1/me', { cookie: ofPerson })).json).toMatchObject({ session: { kind: 'oidc' } });
    const link = await ask('/api/v1/page-links', { method: 'POST', cookie: ofPerson });
    expect(link).toMatchObject({ status: 403, json: { code: 'TOKEN_NEEDED' } });
  });

  it.each([
    ['huge', `wardwatch_session=${'x'.repeat(8_000)}`],
    ['without a value', 'wardwatch_session='],
    ['of a token', 'wardwatch_session=wwt_00000000000000000000000000000000'],
    ['twice', 'wardwatch_session=a; wardwatch_session=b'],
    ['with half an escape', 'wardwatch_session=%E0%A4%A'],
    ['with a quote', 'wardwatch_session="wws_x'],
    ['of SQL', "wardwatch_session=' OR 1=1 --"],
    ['named as part of every object', '__proto__=x; constructor=y'],
    ['beside a thousand others', Array.from({ length: 1_000 }, (_, at) => `c${at}=1`).join('; ')],
  ])('that is %s is none', async (_, cookie) => {
    const answer = await ask('/api/v1/me', { cookie, address: '10.1.0.1' });
    expect(answer).toMatchObject({ status: 401, json: { code: 'NOT_AUTHENTICATED' } });
  });
});

describe('whoever guesses tokens at the login', () => {
  it('waits longer each time, is named, and keeps nobody else out', async () => {
    const address = '10.66.0.1';
    const guess = () => ask('/api/v1/login', { method: 'POST', payload: { token: 'wwt_guess' }, address });
    for (let tries = 0; tries < 5; tries++) expect((await guess()).status).toBe(401);
    const sixth = await guess();
    expect(sixth).toMatchObject({ status: 429, json: { code: 'TOO_MANY_REFUSED_TOKENS' } });
    expect(Number(sixth.headers['retry-after'])).toBeGreaterThan(0);
    const right = { method: 'POST', payload: { token: harness.tokens.viewer }, address };
    expect((await ask('/api/v1/login', right)).status).toBe(200);
    expect(harness.parts.audit.list(20)).toContainEqual(
      expect.objectContaining({ action: 'token.refused', actor: 'unknown', from: address }),
    );
  });
});
