import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasOpenssl, TestAuthority, type Identity } from '../../protocols/tcp-tls/testing/certificates.ts';
import { trustOnly } from '../../protocols/tcp-tls/trust.ts';
import { closeServers, listen, tcpServer } from '../../protocols/testing/servers.ts';
import { tryCheck } from './testing/try-check.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const serve = (handler: Handler): Promise<number> => listen(createServer(handler));
const say =
  (text: string): Handler =>
  (_request, response) =>
    void response.end(text);

afterEach(closeServers);

describe('a web address', () => {
  it('that works is up, with the time of each phase', async () => {
    const port = await serve(say('Cổng dịch vụ công'));
    const { service, technical } = await tryCheck({ type: 'http', url: `http://dvc.example.vn:${port}/` });
    expect(service).toMatchObject({ up: true, status_code: 200, redirects: 0 });
    expect(service).not.toHaveProperty('problem');
    expect(service).not.toHaveProperty('tls_ms');
    const phases = ['dns_ms', 'connect_ms', 'first_byte_ms'].map((name) => Number(service[name]));
    for (const phase of phases) expect(phase).toBeGreaterThanOrEqual(0);
    expect(Number(service['response_ms'])).toBeGreaterThanOrEqual(phases.reduce((sum, phase) => sum + phase));
    expect(technical).toEqual({
      result_code: 0,
      response_time: Number(service['response_ms']) / 1_000,
      http_response_code: 200,
      content_length: 24,
      response_status_code_match: 1,
    });
  });

  it('sends the host, path and query that were asked for, and no more than it must', async () => {
    let seen: IncomingMessage | undefined;
    const port = await serve((request, response) => {
      seen = request;
      response.end();
    });
    await tryCheck({ type: 'http', url: `http://dvc.example.vn:${port}/a%20b?q=1#top`, method: 'HEAD' });
    expect(seen).toMatchObject({ method: 'HEAD', url: '/a%20b?q=1' });
    expect(seen?.headers.host).toBe(`dvc.example.vn:${port}`);
  });

  it.each([
    [500, undefined, 'status 500, expected 200 to 299'],
    [404, undefined, 'status 404, expected 200 to 299'],
    [200, [401, 403], 'status 200, expected 401 or 403'],
  ])('that answers %d is down where %j is expected', async (status, expectStatus, problem) => {
    const port = await serve((_request, response) => void response.writeHead(status).end('x'));
    const check = { type: 'http', url: `http://127.0.0.1:${port}/`, ...(expectStatus && { expectStatus }) };
    const { service, technical } = await tryCheck(check);
    expect(service).toMatchObject({ up: false, problem, status_code: status });
    expect(technical).toMatchObject({ result_code: 6, response_status_code_match: 0 });
  });

  it('that asks for a login is up where that is expected', async () => {
    const port = await serve((_request, response) => void response.writeHead(401).end());
    const { service } = await tryCheck({
      type: 'http',
      url: `http://127.0.0.1:${port}/`,
      expectStatus: [401],
    });
    expect(service).toMatchObject({ up: true, status_code: 401 });
  });

  it('has the text, in whatever form its letters are written', async () => {
    const port = await serve(say('<h1>Đăng nhập hệ thống</h1>'.normalize('NFD')));
    const url = `http://127.0.0.1:${port}/`;
    const found = await tryCheck({ type: 'http', url, bodyContains: 'Đăng nhập' });
    expect(found.service).toMatchObject({ up: true });
    expect(found.technical).toMatchObject({ response_string_match: 1 });
    const missing = await tryCheck({ type: 'http', url, bodyContains: 'Nộp hồ sơ' });
    expect(missing.service).toMatchObject({ up: false, problem: '"Nộp hồ sơ" is not in the body' });
    expect(missing.technical).toMatchObject({ result_code: 1, response_string_match: 0 });
  });

  it('that nobody serves is down, with nothing measured that was not', async () => {
    const port = await serve(say(''));
    closeServers();
    const { service, technical } = await tryCheck({ type: 'http', url: `http://127.0.0.1:${port}/` });
    expect(service).toEqual({ up: false, problem: 'connection refused' });
    expect(technical).toEqual({ result_code: 3 });
  });

  it('whose name cannot be looked up says so', async () => {
    const { service, technical } = await tryCheck({ type: 'http', url: 'http://nowhere.example.vn/' });
    expect(service).toEqual({
      up: false,
      problem: 'name nowhere.example.vn not found: the name server could not be reached',
    });
    expect(technical).toEqual({ result_code: 5 });
  });
});

describe('redirects', () => {
  const hops =
    (count: number): Handler =>
    (request, response) => {
      const at = Number(request.url?.slice(1));
      if (at >= count) response.end('there');
      else response.writeHead(302, { location: `/${at + 1}` }).end();
    };

  it('are followed, and their times add up', async () => {
    const port = await serve(hops(3));
    const { service } = await tryCheck({
      type: 'http',
      url: `http://127.0.0.1:${port}/0`,
      bodyContains: 'there',
    });
    expect(service).toMatchObject({ up: true, status_code: 200, redirects: 3 });
  });

  it.each([
    [5, 'more than 5 redirects'],
    [1, 'more than 1 redirects'],
  ])('end after %d', async (maxRedirects, problem) => {
    const port = await serve(hops(1_000));
    const { service, technical } = await tryCheck({
      type: 'http',
      url: `http://127.0.0.1:${port}/0`,
      maxRedirects,
    });
    expect(service).toMatchObject({ up: false, status_code: 302, redirects: maxRedirects });
    expect(service['problem']).toContain(problem);
    expect(technical).toMatchObject({ result_code: 6 });
  });

  it('are not followed where they are what is expected, or not wanted', async () => {
    const port = await serve(hops(1));
    const url = `http://127.0.0.1:${port}/0`;
    expect((await tryCheck({ type: 'http', url, expectStatus: [302] })).service).toMatchObject({
      up: true,
      redirects: 0,
    });
    expect((await tryCheck({ type: 'http', url, maxRedirects: 0 })).service).toMatchObject({
      up: false,
      problem: 'status 302, expected 200 to 299',
    });
  });

  it.each(['file:///etc/passwd', 'javascript:alert(1)', 'http://', 'http://[::bad'])(
    'to %s lead nowhere',
    async (location) => {
      const port = await serve((_request, response) => void response.writeHead(301, { location }).end());
      const { service } = await tryCheck({ type: 'http', url: `http://127.0.0.1:${port}/` });
      expect(service).toMatchObject({
        up: false,
        problem: `redirects to "${location}", expected an http or https address`,
      });
    },
  );
});

describe('rubbish', () => {
  it('of a huge body is read no further than 1 MiB', async () => {
    let sentBytes = 0;
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const port = await serve((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && sentBytes < 1024 ** 3) {
          sentBytes += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
      };
      more();
    });
    const url = `http://127.0.0.1:${port}/`;
    expect((await tryCheck({ type: 'http', url })).service).toMatchObject({ up: true });
    expect((await tryCheck({ type: 'http', url, bodyContains: 'y' })).service).toMatchObject({
      up: false,
      problem: '"y" is not in the first 1048576 bytes of the body',
    });
    expect(sentBytes).toBeLessThan(64 * 1024 * 1024);
  });

  it.each([
    ['greeting of another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 'the answer is not HTTP', 3],
    ['half a status line', 'HTTP/1.1 20', 'closed without an answer', 3],
    ['nothing', '', 'closed without an answer', 3],
    ['endless headers', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(300_000)}\r\n`, 'headers are too large', 3],
    [
      'body that breaks off',
      'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc',
      'the answer broke off after 3 of 100 bytes',
      2,
    ],
    ['binary noise', Buffer.from([0, 255, 1, 254, 13, 10]).toString('latin1'), 'the answer is not HTTP', 3],
  ])('(%s) is a problem by name', async (_what, answer, problem, result) => {
    const port = await tcpServer((socket) => {
      socket.once('data', () => void socket.end(answer, 'latin1'));
    });
    const { service, technical } = await tryCheck({ type: 'http', url: `http://127.0.0.1:${port}/` });
    expect(service).toMatchObject({ up: false, problem });
    expect(technical).toMatchObject({ result_code: result });
  });

  it.each([
    ['gzip', Buffer.from('no gzip at all'), 'the body is no valid gzip'],
    ['gzip', gzipSync(Buffer.alloc(20_000_000)), 'the body is more than 8388608 bytes when unpacked'],
    ['zstd', Buffer.from('x'), 'the body is compressed with "zstd", which is not known'],
  ])('(a body of %s that cannot be read) is not taken for a missing text', async (coding, body, problem) => {
    const port = await serve((_request, response) => {
      response.setHeader('content-encoding', coding).end(body);
    });
    const url = `http://127.0.0.1:${port}/`;
    const { service, technical } = await tryCheck({ type: 'http', url, bodyContains: 'there' });
    expect(service).toMatchObject({ up: false, problem });
    expect(technical).toMatchObject({ result_code: 2 });
    expect((await tryCheck({ type: 'http', url })).service).toMatchObject({ up: true });
  });

  it.each([
    ['the headers', 'HTTP/1.1 200 O', 'waiting for the answer of'],
    ['the body', 'HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n', 'reading the answer of'],
  ])('(a drip in %s) ends at the deadline', async (_what, first, step) => {
    const port = await tcpServer((socket) => {
      socket.write(first);
      const drip = setInterval(() => socket.write('T'), 20);
      socket.once('close', () => clearInterval(drip));
    });
    const { service, technical } = await tryCheck(
      { type: 'http', url: `http://127.0.0.1:${port}/` },
      { deadlineMs: 150 },
    );
    expect(service['problem']).toBe(`no answer within 150 ms, while ${step} 127.0.0.1:${port}`);
    expect(technical).toMatchObject({ result_code: 4 });
  });
});

describe.skipIf(!hasOpenssl)('certificates [needs openssl]', () => {
  let authority: TestAuthority;
  let good: Identity;
  beforeAll(() => {
    authority = new TestAuthority();
    good = authority.issue('DNS:dvc.example.vn,IP:127.0.0.1');
  });
  afterAll(() => authority.remove());

  const serveSecurely = (identity: Identity): Promise<number> =>
    listen(createSecureServer(identity, say('over TLS')));
  const trusting = () => ({ trust: trustOnly([authority.caCert]) });

  it('that are in order come with their chain and the share of their life that is left', async () => {
    const port = await serveSecurely(good);
    const url = `https://dvc.example.vn:${port}/`;
    const { service, technical, certificates } = await tryCheck({ type: 'http', url }, trusting());
    expect(service).toMatchObject({ up: true, status_code: 200 });
    expect(Number(service['tls_ms'])).toBeGreaterThan(0);
    expect(technical).toMatchObject({ result_code: 0 });
    const source = `https://dvc.example.vn:${port}`;
    expect(certificates.map(({ tags }) => tags)).toMatchObject([
      { source, type: 'leaf', issuer_common_name: 'Test Authority', service: 'portal' },
      { source, type: 'root', common_name: 'Test Authority' },
    ]);
    const [leaf, root] = certificates.map(({ fields }) => fields);
    expect(leaf).toMatchObject({ name_match: true, verification_code: 0 });
    expect(Number(leaf?.['expiry'])).toBeGreaterThan(9 * 86_400 - 60);
    expect(Number(leaf?.['age'])).toBeGreaterThanOrEqual(10 * 86_400);
    expect(Math.abs(Number(leaf?.['lifetime_left_pct']) - 47.5)).toBeLessThanOrEqual(2.6);
    expect(Number(root?.['expiry'])).toBeCloseTo(30 * 86_400, -3);
    expect(root).not.toHaveProperty('verification_code');
  });

  it.each([
    ['expired', 'expired', () => authority.issue('DNS:dvc.example.vn', { from: -90, to: -1 })],
    ['self-signed', 'self-signed', () => authority.selfSigned('DNS:dvc.example.vn')],
    ['for another name', 'not for dvc.example.vn', () => authority.issue('DNS:www.example.vn')],
  ])('that are %s are measured to the end, and the service is down', async (_what, problem, make) => {
    const port = await serveSecurely(make());
    const url = `https://dvc.example.vn:${port}/`;
    const { service, technical, certificates } = await tryCheck({ type: 'http', url }, trusting());
    expect(service).toMatchObject({ up: false, problem: `certificate: ${problem}`, status_code: 200 });
    expect(technical).toMatchObject({ result_code: 3, http_response_code: 200 });
    expect(certificates[0]?.fields).toMatchObject({
      verification_code: 1,
      verification_error: problem,
      name_match: problem !== 'not for dvc.example.vn',
    });
    if (problem === 'expired') {
      expect(certificates[0]?.fields).toMatchObject({ lifetime_left_pct: 0 });
      expect(Number(certificates[0]?.fields['expiry'])).toBeLessThan(0);
    }
    const allowed = await tryCheck({ type: 'http', url, allowInvalidCertificate: true }, trusting());
    expect(allowed.service).toMatchObject({ up: true });
    expect(allowed.certificates[0]?.fields).toMatchObject({ verification_code: 1 });
  });

  it('are judged by the way that verifies, not by an expired one that is served beside it', async () => {
    const { root, ...identity } = authority.crossSigned('DNS:dvc.example.vn');
    const url = `https://dvc.example.vn:${await serveSecurely(identity)}/`;
    const trust = trustOnly([authority.caCert, root]);
    const { service, certificates } = await tryCheck({ type: 'http', url }, { trust });
    expect(service).toMatchObject({ up: true });
    expect(certificates.map(({ tags }) => tags)).toMatchObject([
      { type: 'leaf', issuer_common_name: 'New Authority' },
      { type: 'root', common_name: 'New Authority', issuer_common_name: 'New Authority' },
    ]);
    for (const { fields } of certificates) expect(Number(fields['expiry'])).toBeGreaterThan(0);
    // Where only the old authority is trusted, the expired one is what it hangs by.
    const old = await tryCheck({ type: 'http', url }, trusting());
    expect(old.service).toMatchObject({ up: false, problem: 'certificate: expired' });
    expect(Math.min(...old.certificates.map(({ fields }) => Number(fields['expiry'])))).toBeLessThan(0);
  });

  it('of an unknown authority are not trusted, whoever signed them', async () => {
    const port = await serveSecurely(good);
    const { service } = await tryCheck({ type: 'http', url: `https://dvc.example.vn:${port}/` });
    expect(service['problem']).toBe('certificate: signed by an unknown authority');
  });

  it('are asked for by address too', async () => {
    const port = await serveSecurely(good);
    const { service } = await tryCheck({ type: 'http', url: `https://127.0.0.1:${port}/` }, trusting());
    expect(service).toMatchObject({ up: true });
  });

  it('are not to be had where TLS is not spoken', async () => {
    const port = await serve(say('plain'));
    const { service, certificates } = await tryCheck({ type: 'http', url: `https://127.0.0.1:${port}/` });
    expect(service).toMatchObject({ up: false, problem: 'TLS handshake failed: wrong version number' });
    expect(certificates).toEqual([]);
  });

  it('are not to be had from a server that hangs in the handshake', async () => {
    const port = await tcpServer((socket) => void socket.resume());
    const { service } = await tryCheck(
      { type: 'http', url: `https://127.0.0.1:${port}/` },
      { deadlineMs: 150 },
    );
    expect(service['problem']).toBe('no answer within 150 ms, while TLS handshake with 127.0.0.1');
  });

  it('are not to be had from a server that hangs up in the handshake', async () => {
    const port = await tcpServer((socket) => {
      socket.once('data', () => void socket.end());
    });
    const { service } = await tryCheck({ type: 'http', url: `https://127.0.0.1:${port}/` });
    expect(service).toMatchObject({ up: false });
    expect(service['problem']).toMatch(/reset|disconnected/);
  });
});
