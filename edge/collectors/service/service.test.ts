import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { systemClock } from '../../../runtime/clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { serviceKind } from './service.ts';
import { hasOpenssl, TestAuthority } from '../../protocols/tcp-tls/testing/certificates.ts';
import { closeServers, listen, tcpServer } from '../../protocols/testing/servers.ts';

const deps = { clock: systemClock, log: silentLogger, commonTags: { host: 'gw-1', unit: '26734' } };
const signal = new AbortController().signal;
const collect = (config: object, runSignal = signal, clock = deps.clock) =>
  serviceKind.create(serviceKind.configSchema.parse(config), { ...deps, clock }).collect(runSignal);
const problemsOf = (config: object): string[] => {
  const result = serviceKind.configSchema.safeParse(config);
  return result.success
    ? []
    : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};

afterEach(closeServers);

describe('the configuration', () => {
  const http = { type: 'http', service: 'portal', url: 'https://dvc.example.vn/' };

  it('needs little', () => {
    const config = serviceKind.configSchema.parse({ checks: [http] });
    expect(config).toMatchObject({ deadlineMs: 10_000, checks: [{ method: 'GET', maxRedirects: 5 }] });
  });

  it.each([
    [{ ...http, url: 'ftp://x.vn/' }, 'checks.0.url: expected http://… or https://…'],
    [{ ...http, url: 'https://me:secret@x.vn/' }, 'checks.0.url: must not hold a user name or password'],
    [
      { ...http, url: `https://x.vn/${'a'.repeat(200)}` },
      'checks.0.url: expected at most 128 characters before the query',
    ],
    [
      { ...http, method: 'HEAD', bodyContains: 'x' },
      'checks.0.bodyContains: needs method GET: an answer to HEAD has no body',
    ],
    [{ ...http, type: 'gopher' }, 'checks.0.type: expected type http, tcp, smtp, imap, dns, sip or ntp'],
    [
      { type: 'tcp', service: 's', host: '-x', port: 1 },
      'checks.0.host: expected an IP address or a host name',
    ],
    [{ type: 'dns', service: 's', server: 'ns1', domain: 'a.vn' }, 'checks.0.server: expected an IP address'],
    [
      { ...http, service: 'a\nb' },
      'checks.0.service: expected 1 to 64 characters without control characters',
    ],
  ])('refuses %j', (check, problem) => {
    expect(problemsOf({ checks: [check] })).toEqual([problem]);
  });

  it('wants each check of a service to have a name of its own', () => {
    const checks = [http, { ...http, check: 'login' }, { ...http, url: 'http://other.vn/' }];
    expect(problemsOf({ checks })).toEqual([
      'checks.2.check: expected a check of its own name within the service',
    ]);
  });

  it('knows how long a run takes at the longest', () => {
    const checks = Array.from({ length: 33 }, (_unused, index) => ({ ...http, check: `c${index}` }));
    const config = serviceKind.configSchema.parse({ checks, deadlineMs: 4_000 });
    expect(serviceKind.minimumIntervalMs?.(config)).toBe(8_000);
  });
});

describe('a run over all checks', () => {
  it('has a sample of each, and a service that is down is no error of the collector', async () => {
    const good = await listen(createServer((_request, response) => void response.end('ok')));
    const bad = await tcpServer((socket) => socket.destroy());
    const { samples, errors } = await collect({
      checks: [
        { type: 'http', service: 'portal', check: 'home', url: `http://127.0.0.1:${good}/?token=secret` },
        { type: 'http', service: '1022', url: `http://127.0.0.1:${bad}/` },
      ],
    });
    expect(errors).toEqual([]);
    expect(samples.filter(({ measurement }) => measurement === 'service')).toMatchObject([
      { tags: { host: 'gw-1', unit: '26734', service: 'portal', check: 'home' }, fields: { up: true } },
      { tags: { service: '1022', check: 'http' }, fields: { up: false } },
    ]);
    expect(JSON.stringify(samples)).not.toContain('secret');
  });

  it('claims nothing of what was cut off', async () => {
    const controller = new AbortController();
    const hanging = await tcpServer(() => controller.abort(new Error('called off')));
    const config = { checks: [{ type: 'http', service: 'portal', url: `http://127.0.0.1:${hanging}/` }] };
    const { samples, errors } = await collect(config, controller.signal);
    expect(samples).toEqual([]);
    expect(errors.map(({ message }) => message)).toEqual(['service portal http: called off']);
  });

  it('gives up a check at its deadline by the clock', async () => {
    const clock = new ManualClock();
    let arrived = (): void => undefined;
    const connected = new Promise<void>((resolve) => (arrived = resolve));
    const port = await tcpServer((socket) => void socket.once('data', arrived));
    const config = { checks: [{ type: 'http', service: 'portal', url: `http://127.0.0.1:${port}/` }] };
    const running = collect(config, signal, clock);
    await connected;
    await clock.advance(10_000);
    const { samples } = await running;
    expect(samples[0]?.fields).toMatchObject({ up: false });
    expect(samples[0]?.fields['problem']).toContain('no answer within 10000 ms');
  });

  it('works without a file of authorities that cannot be read', async () => {
    const port = await tcpServer(() => undefined);
    const { samples, errors } = await collect({
      caFile: '/nowhere/ca.crt',
      checks: [{ type: 'tcp', service: 'ldap', host: '127.0.0.1', port }],
    });
    expect(samples[0]?.fields).toMatchObject({ up: true });
    expect(errors[0]?.message).toMatch(/^service caFile: ENOENT/);
  });
});

describe.skipIf(!hasOpenssl)("the city's own authorities [needs openssl]", () => {
  it('are trusted, and a certificate that several checks see is sent once', async () => {
    const authority = new TestAuthority();
    try {
      const identity = authority.issue('IP:127.0.0.1');
      const port = await listen(createSecureServer(identity, (_request, response) => void response.end()));
      const url = `https://127.0.0.1:${port}/`;
      const checks = ['home', 'login'].map((check) => ({ type: 'http', service: 'portal', check, url }));
      const { samples, errors } = await collect({ caFile: authority.caFile, checks });
      expect(errors).toEqual([]);
      const services = samples.filter(({ measurement }) => measurement === 'service');
      expect(services.map(({ fields }) => fields['up'])).toEqual([true, true]);
      const certificates = samples.filter(({ measurement }) => measurement === 'x509_cert');
      expect(certificates.map(({ tags }) => tags['type'])).toEqual(['leaf', 'root']);

      writeFileSync(authority.caFile, 'rubbish');
      const after = await collect({ caFile: authority.caFile, checks });
      expect(after.errors[0]?.message).toMatch(/ca\.crt holds no certificate in PEM/);
    } finally {
      authority.remove();
    }
  });
});
