import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { oidcConfigSchema } from './oidc-config.ts';
import { OidcProvider } from './oidc-provider.ts';
import { CLIENT_ID, CLIENT_SECRET, LocalProvider } from './testing/local-provider.ts';

const ORIGIN = 'http://central.example';
const SECRET = 'eyJ-of-a-person';
let provider: LocalProvider;

beforeAll(async () => {
  provider = await LocalProvider.start();
});
afterAll(() => provider.goAway());
beforeEach(() => {
  provider.mischief = {};
});

function open() {
  const clock = new ManualClock();
  const lines: Record<string, unknown>[] = [];
  const log = pino({}, { write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) });
  const config = oidcConfigSchema.parse({
    ...{ issuer: provider.issuer, clientId: CLIENT_ID, clientSecret: { value: CLIENT_SECRET } },
    grants: [{ claim: 'preferred_username', value: 'lan', role: 'operator' }],
  });
  const oidc = new OidcProvider({
    ...{ config, clientSecret: CLIENT_SECRET, ca: undefined, ownOrigin: ORIGIN, clock, log },
  });
  return { clock, lines, oidc };
}

/** What the browser brings back from the provider. */
async function comeBack(oidc: OidcProvider): Promise<{ query: string; sealed: string }> {
  const begun = await oidc.begin('/');
  if (typeof begun === 'string') throw new Error(begun);
  const answer = await fetch(begun.url, { redirect: 'manual' });
  const { search } = new URL(answer.headers.get('location') ?? '');
  return { query: search, sealed: begun.sealed };
}

describe('an answer that a browser brings', () => {
  it('is one request to the provider, however often it is brought and whatever its code', async () => {
    const { oidc, lines } = open();
    const { query, sealed } = await comeBack(oidc);
    const forged = new URLSearchParams(query);
    forged.set('code', 'forged');
    const before = provider.tokenRequests;
    const faults = await Promise.all(
      Array.from({ length: 200 }, () => oidc.finish(`?${forged.toString()}`, sealed)),
    );
    expect(faults.filter((fault) => fault === 'failed')).toHaveLength(1);
    expect(faults.filter((fault) => fault === 'expired')).toHaveLength(199);
    expect(await oidc.finish(query, sealed)).toBe('expired');
    expect(provider.tokenRequests - before).toBe(1);
    expect(lines).toHaveLength(1);
  });

  it('that is wrong fills no log, and the log says how many were left out', async () => {
    const { clock, oidc, lines } = open();
    provider.mischief = { refuses: true };
    for (let login = 0; login < 50; login++) {
      const { query, sealed } = await comeBack(oidc);
      expect(await oidc.finish(query, sealed)).toBe('refused');
    }
    expect(lines).toHaveLength(20);
    await clock.advance(5_000);
    const { query, sealed } = await comeBack(oidc);
    await oidc.finish(query, sealed);
    expect(lines).toHaveLength(21);
    expect(lines[20]).toMatchObject({ error: 'access_denied', leftOut: 30 });
  });
});

describe('a wrong answer of the provider', () => {
  it.each([
    [
      'an error',
      400,
      { error: 'invalid_grant', error_description: `no ${'x'.repeat(5_000)}`, access_token: SECRET },
      { error: 'invalid_grant', description: `no ${'x'.repeat(197)}…` },
    ],
    ['no ID token', 200, { access_token: SECRET, token_type: 'Bearer' }, { code: 'OAUTH_INVALID_RESPONSE' }],
    [
      'an ID token that is none',
      200,
      { access_token: SECRET, token_type: 'Bearer', id_token: `${SECRET}.x.y` },
      { code: expect.stringMatching(/^OAUTH_/) as string },
    ],
    ['an error that is no text', 400, { error: { access_token: SECRET } }, {}],
  ])('is in the log without what it holds: %s', async (_, status, body, line) => {
    const { oidc, lines } = open();
    provider.mischief = { tokenAnswer: { status, body } };
    const { query, sealed } = await comeBack(oidc);
    expect(await oidc.finish(query, sealed)).toBe('failed');
    expect(lines).toMatchObject([
      { msg: 'a login at the identity provider failed', reason: expect.any(String) as string, ...line },
    ]);
    expect(JSON.stringify(lines)).not.toContain(SECRET);
    expect(JSON.stringify(lines).length).toBeLessThan(1_000);
  });
});

const WRONG_ADDRESSES = [undefined, 'rubbish', 7, 'javascript:alert(1)', '', null, ['https://sso.example/']];

describe('metadata of the provider', () => {
  it.each(WRONG_ADDRESSES)(
    'with the authorisation endpoint %j makes no login possible, in one line of the log, until it is mended',
    async (address) => {
      const { clock, oidc, lines } = open();
      provider.mischief = { metadata: { authorization_endpoint: address } };
      for (let asked = 0; asked < 3; asked++) {
        expect(await oidc.begin('/')).toBe('provider-down');
        expect(await oidc.isAvailable()).toBe(false);
        await clock.advance(31_000);
      }
      expect(lines).toHaveLength(1);
      expect(lines[0]?.['reason']).toContain('authorization_endpoint of its metadata: expected');
      provider.mischief = {};
      expect(await oidc.isAvailable()).toBe(true);
      expect(lines).toHaveLength(2);
    },
  );

  it.each(WRONG_ADDRESSES)('with the end-session endpoint %j has none', async (address) => {
    const { oidc, lines } = open();
    provider.mischief = { metadata: { end_session_endpoint: address } };
    expect(await oidc.isAvailable()).toBe(true);
    expect(oidc.logoutUrl()).toBeUndefined();
    expect(lines).toEqual([]);
  });
});
