import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../runtime/logger.ts';
import { FLOW_LIFETIME_MS } from '../access/oidc/login-flow.ts';
import { oidcConfigSchema } from '../access/oidc/oidc-config.ts';
import { OidcProvider } from '../access/oidc/oidc-provider.ts';
import { CLIENT_ID, CLIENT_SECRET, LocalProvider } from '../access/oidc/testing/local-provider.ts';
import { ApiHarness } from './testing/api-harness.ts';

const ORIGIN = 'http://central.example';
let provider: LocalProvider;
let harness: ApiHarness;

beforeAll(async () => {
  provider = await LocalProvider.start();
  const config = oidcConfigSchema.parse({
    ...{ issuer: provider.issuer, clientId: CLIENT_ID, clientSecret: { value: CLIENT_SECRET } },
    grants: [
      { claim: 'groups', value: 'wardwatch-admins', role: 'admin' },
      { claim: 'realm_access.roles', value: 'q1', role: 'operator', limits: { units: ['26734'] } },
      { claim: 'department', value: 'noc', role: 'operator' },
    ],
  });
  harness = await ApiHarness.open(undefined, {
    oidc: ({ clock }) =>
      new OidcProvider({
        config,
        clientSecret: CLIENT_SECRET,
        ca: undefined,
        ownOrigin: ORIGIN,
        clock,
        log: silentLogger,
      }),
  });
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
  await provider.goAway();
});
beforeEach(() => {
  provider.claims = { sub: 'p-7', preferred_username: 'lan', department: 'noc' };
  provider.mischief = {};
});

const BOARD = { host: 'central.example', origin: ORIGIN, 'x-wardwatch-board': '1' };

function go(url: string, cookie = '', method = 'GET') {
  return harness.call(method, url, { token: '', headers: { ...BOARD, ...(cookie !== '' && { cookie }) } });
}

function cookiesOf(headers: Readonly<Record<string, unknown>>): string[] {
  return [headers['set-cookie']].flat().map((each) => String(each).split(';')[0] ?? '');
}

/** To the provider and back to the door of central. */
async function comeBack(to = '/incidents/7'): Promise<{ url: string; cookie: string }> {
  const begun = await go(`/login/oidc?to=${encodeURIComponent(to)}`);
  expect(begun.status).toBe(302);
  expect(String(begun.headers['set-cookie'])).toMatch(
    /^wardwatch_login=.*Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/,
  );
  const atProvider = await fetch(String(begun.headers['location']), { redirect: 'manual' });
  const back = new URL(atProvider.headers.get('location') ?? '');
  expect(back.origin).toBe(ORIGIN);
  return { url: `${back.pathname}${back.search}`, cookie: cookiesOf(begun.headers)[0] ?? '' };
}

async function logIn(to?: string): Promise<{ location: string; session: string }> {
  const { url, cookie } = await comeBack(to);
  const answer = await go(url, cookie);
  const session = cookiesOf(answer.headers).find((each) => each.startsWith('wardwatch_session=wws_')) ?? '';
  return { location: String(answer.headers['location']), session };
}

describe('a person of the identity provider', () => {
  it('gets in where a claim gives a role, and is named in the audit log', async () => {
    expect((await go('/api/v1/login')).json).toEqual({
      ways: ['token', 'oidc'],
      oidc: { name: 'SSO', isAvailable: true, startPath: '/login/oidc' },
    });
    const { location, session } = await logIn();
    expect(location).toBe('/incidents/7');
    expect((await go('/api/v1/me', session)).json).toMatchObject({
      ...{ name: 'lan (OIDC)', role: 'operator', mayWrite: true, session: { kind: 'oidc' } },
    });
    expect(harness.parts.audit.list(1)).toMatchObject([
      { actor: 'lan (OIDC)', action: 'session.open', target: 'oidc session of lan (OIDC), operator' },
    ]);
  });

  it('has the first role that fits, with its limits', async () => {
    provider.claims = { sub: 'p-8', groups: ['x', 'wardwatch-admins'], department: 'noc' };
    expect((await go('/api/v1/me', (await logIn()).session)).json).toMatchObject({
      name: 'p-8 (OIDC)',
      role: 'admin',
    });
    provider.claims = {
      sub: 'p-9',
      preferred_username: 'q1\u001b[2J',
      realm_access: { roles: ['q1'] },
      department: 'noc',
    };
    const limited = await go('/api/v1/me', (await logIn()).session);
    expect(limited.json).toMatchObject({
      name: 'q1[2J (OIDC)',
      role: 'operator',
      limits: { units: ['26734'] },
    });
  });

  it('does not get in where none fits', async () => {
    provider.claims = { sub: 'p-7', groups: ['cleaners'], department: 'nocturne' };
    expect(await logIn()).toEqual({ location: '/login?problem=no-role', session: '' });
  });

  it('logs out here, and is told where to log out there', async () => {
    const { session } = await logIn();
    const out = await go('/api/v1/logout', session, 'POST');
    const url = new URL(String(out.json['providerLogoutUrl']));
    expect([url.pathname, url.searchParams.get('post_logout_redirect_uri')]).toEqual([
      '/logout',
      `${ORIGIN}/login`,
    ]);
    expect((await go('/api/v1/me', session)).status).toBe(401);
  });

  it('may have a clock that differs by half a minute, and not by more', async () => {
    provider.mischief = { clockOffsetS: 25 };
    expect((await logIn()).location).toBe('/incidents/7');
    provider.mischief = { clockOffsetS: 120 };
    expect((await logIn()).location).toBe('/login?problem=failed');
    provider.mischief = { clockOffsetS: -200 };
    expect((await logIn()).location).toBe('/login?problem=failed');
  });

  it.each([
    ['//evil.example/', '/'],
    ['/\\evil.example/', '/'],
    ['https://evil.example/', '/'],
    ['javascript:alert(1)', '/'],
    ['/\t/evil.example', '/'],
    ['/%0d%0aset-cookie:x', '/%0d%0aset-cookie:x'],
    ['/units/26734?layer=coverage', '/units/26734?layer=coverage'],
  ])('who wanted to go to %s goes to %s', async (to, location) => {
    expect((await logIn(to)).location).toBe(location);
  });
});

describe('an answer of the identity provider', () => {
  it('is taken once', async () => {
    const { url, cookie } = await comeBack();
    expect((await go(url, cookie)).headers['location']).toBe('/incidents/7');
    const again = await go(url, cookie);
    expect([again.headers['location'], cookiesOf(again.headers)]).toEqual([
      '/login?problem=expired',
      ['wardwatch_login='],
    ]);
  });

  it('is taken from the browser that asked for it alone', async () => {
    const [mine, theirs] = [await comeBack(), await comeBack()];
    expect((await go(theirs.url)).headers['location']).toBe('/login?problem=expired');
    expect((await go(theirs.url, mine.cookie)).headers['location']).toBe('/login?problem=failed');
    const [text = ''] = mine.cookie.split('.');
    expect((await go(mine.url, `${text}.forged`)).headers['location']).toBe('/login?problem=expired');
    expect((await go(mine.url, `wardwatch_login=${'x'.repeat(5_000)}`)).headers['location']).toBe(
      '/login?problem=expired',
    );
  });

  it('is too old after ten minutes', async () => {
    const { url, cookie } = await comeBack();
    await harness.tick(FLOW_LIFETIME_MS);
    expect((await go(url, cookie)).headers['location']).toBe('/login?problem=expired');
  });

  it.each([
    ['of a person whom it refuses', { refuses: true }, 'refused'],
    ['with another nonce', { nonce: 'other' }, 'failed'],
    ['for another program', { audience: 'other' }, 'failed'],
    ['of another issuer', { issuer: 'https://evil.example' }, 'failed'],
    ['signed with a key that is not its own', { foreignKey: true }, 'failed'],
  ])('%s opens nothing', async (_, mischief, problem) => {
    provider.mischief = mischief;
    expect(await logIn()).toEqual({ location: `/login?problem=${problem}`, session: '' });
  });
});

describe('an identity provider that is away', () => {
  it('is said to be, tokens work all the same, and it is found again', async () => {
    await provider.goAway();
    await harness.tick(31_000);
    expect((await go('/api/v1/login')).json).toMatchObject({
      ways: ['token', 'oidc'],
      oidc: { isAvailable: false },
    });
    expect((await go('/login/oidc')).headers['location']).toBe('/login?problem=provider-down');
    const withToken = await harness.call('POST', '/api/v1/login', {
      ...{ token: '', headers: BOARD, payload: JSON.stringify({ token: harness.tokens.viewer }) },
    });
    expect(withToken.status).toBe(200);
    await provider.comeBack();
    await harness.tick(31_000);
    expect((await go('/api/v1/login')).json).toMatchObject({ oidc: { isAvailable: true } });
    expect((await logIn()).location).toBe('/incidents/7');
  });
});
