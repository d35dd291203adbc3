import { createHash } from 'node:crypto';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiHarness } from '../api/testing/api-harness.ts';
import { STAND_IN_SCRIPT, STAND_IN_STYLE } from './testing/stand-in-board.ts';

const SCRIPT = '/assets/board-4f2a9c1d.js';
let harness: ApiHarness;
beforeAll(async () => {
  harness = await ApiHarness.open();
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

/** Without a login, as a browser that comes for the first time. */
async function get(
  url: string,
  headers: Readonly<Record<string, string>> = { accept: 'text/html' },
  method = 'GET',
) {
  const answer = await harness.app.inject({
    ...{ method: method as 'GET', url, headers, remoteAddress: '10.9.9.9' },
  });
  const { statusCode: status, headers: found, rawPayload: bytes, body: text } = answer;
  return { status, headers: found, bytes, text };
}

describe('the board', () => {
  it('has one page for every address that a person opens', async () => {
    for (const path of [
      '/',
      '/incidents/7',
      '/wall',
      '/units/26734?layer=coverage',
      '/login?problem=expired',
    ]) {
      const { status, headers, text } = await get(path);
      expect([status, headers['content-type'], headers['cache-control']], path).toEqual([
        ...[200, 'text/html; charset=utf-8', 'no-cache'],
      ]);
      expect(text).toContain('<noscript><a href="/plain">');
    }
  });

  it('allows its own files, and its one style by hash, and nothing that stands in its page', async () => {
    const { headers } = await get('/');
    const hash = createHash('sha256').update(STAND_IN_STYLE).digest('base64');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; script-src 'self'; " +
        `style-src 'self' 'sha256-${hash}'; connect-src 'self'; img-src 'self' data:; font-src 'self'; manifest-src 'self'; worker-src 'self'`,
    );
  });

  it('lets a browser keep for ever what has a hash in its name, and asks about all else by ETag', async () => {
    const script = await get(SCRIPT, {});
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
    const { etag } = (await get('/')).headers;
    const again = await get('/', { accept: 'text/html', 'if-none-match': `"other", W/${String(etag)}` });
    expect([again.status, again.text, again.headers.etag]).toEqual([304, '', etag]);
    expect((await get('/favicon.svg', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('is sent as small as the browser takes it', async () => {
    const br = await get(SCRIPT, { 'accept-encoding': 'gzip, deflate, br;q=0.9' });
    expect(br.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' });
    expect(brotliDecompressSync(br.bytes).toString()).toBe(STAND_IN_SCRIPT);
    const gzip = await get(SCRIPT, { 'accept-encoding': 'gzip, br;q=0' });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzip.bytes).toString()).toBe(STAND_IN_SCRIPT);
    const plain = await get(SCRIPT, {});
    expect([plain.headers['content-encoding'], plain.text]).toEqual([undefined, STAND_IN_SCRIPT]);
    // The build made no smaller one.
    expect(
      (await get('/favicon.svg', { 'accept-encoding': 'br' })).headers['content-encoding'],
    ).toBeUndefined();
    const head = await get(SCRIPT, {}, 'HEAD');
    expect([head.status, head.text, head.headers['content-length']]).toEqual([
      ...[200, '', String(STAND_IN_SCRIPT.length)],
    ]);
  });

  it.each([
    '/../../etc/passwd',
    '/..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..%5c..%5c..%5cetc%5cpasswd',
    '/assets/../../package.json',
    '/assets/%00board-4f2a9c1d.js',
    '//etc/passwd',
    '/assets//board-4f2a9c1d.js',
    '/notes.map',
    '/assets/board-4f2a9c1d.js.br',
    '/assets/',
    '/__proto__',
  ])('has nothing at %s but what it is made of', async (path) => {
    const { status, headers, text } = await get(path, { accept: '*/*' });
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
    expect(text).toContain('ROUTE_NOT_FOUND');
    expect((await get(path)).text).not.toMatch(/root:|not for browsers|"dependencies"/);
  });

  it('leaves the API, its documentation and files that are gone to their own answers', async () => {
    for (const path of ['/api/v1/nowhere', '/api', '/docs/nowhere', '/assets/board-00000000.js'])
      expect((await get(path)).status, path).toBe(404);
    const post = await harness.call('POST', '/incidents/7');
    expect(post).toMatchObject({ status: 404, json: { code: 'ROUTE_NOT_FOUND' } });
  });

  it('sends nobody to another server with the code of a link', async () => {
    const { code } = harness.parts.sessions.createCode({ name: 'test' }, harness.parts.clock.now());
    const answer = await get(`//evil.example/%2f..?code=${code}`);
    expect([answer.status, answer.headers.location]).toEqual([302, '/evil.example/%2f..']);
  });
});
