import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceKind } from '../../edge/collectors/service/service.ts';
import { hasOpenssl, TestAuthority } from '../../edge/protocols/tcp-tls/testing/certificates.ts';
import { dnsServer } from '../../edge/protocols/dns/testing/dns-server.ts';
import {
  closeServers,
  lineServer,
  listen,
  tcpServer,
  udpServer,
} from '../../edge/protocols/testing/servers.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { throughCentral } from '../support/through-central.ts';

const deps = { clock: systemClock, log: silentLogger, commonTags: { host: 'gw-1', unit: '26734' } };

describe.skipIf(!hasOpenssl)('city services as an agent sees them [needs openssl]', () => {
  let authority: TestAuthority;
  beforeAll(() => {
    authority = new TestAuthority();
  });
  afterAll(() => {
    closeServers();
    authority.remove();
  });

  it('are all stored by central, working and broken alike', async () => {
    const good = authority.issue('IP:127.0.0.1');
    const old = authority.issue('IP:127.0.0.1', { from: -90, to: -1 });
    const say = (text: string) => (_request: unknown, response: { end(text: string): unknown }) =>
      void response.end(text);
    const portal = await listen(createSecureServer(good, say('Đăng nhập')));
    const expired = await listen(createSecureServer(old, say('x')));
    const plain = await listen(createServer(say('x')));
    const smtp = await lineServer('220 mail\r\n', () => '250 mail\r\n');
    const silent = await tcpServer(() => undefined);
    const dns = await dnsServer(() => ({ addresses: ['10.1.0.5'] }));
    const rubbish = await udpServer(() => [Buffer.from('rubbish')]);
    const address = { host: '127.0.0.1' };
    const checks = [
      { type: 'http', check: 'login', url: `https://127.0.0.1:${portal}/`, bodyContains: 'Đăng nhập' },
      { type: 'http', check: 'expired', url: `https://127.0.0.1:${expired}/` },
      { type: 'http', check: 'wrong text', url: `http://127.0.0.1:${plain}/`, bodyContains: 'y' },
      { type: 'http', check: 'no name', url: 'http://nowhere.invalid/' },
      { type: 'http', check: 'no TLS', url: `https://127.0.0.1:${plain}/` },
      { type: 'http', check: 'silent', url: `http://127.0.0.1:${silent}/` },
      { type: 'tcp', ...address, port: silent },
      { type: 'smtp', ...address, port: smtp },
      { type: 'imap', ...address, port: smtp, security: 'none' },
      { type: 'dns', server: '127.0.0.1', port: dns, domain: 'dvc.example.vn' },
      { type: 'sip', ...address, port: rubbish },
      { type: 'ntp', ...address, port: rubbish },
    ].map((check) => ({ service: 'portal', ...check }));
    const config = serviceKind.configSchema.parse({
      checks,
      caFile: authority.caFile,
      deadlineMs: 1_000,
      nameServers: [`127.0.0.1:${rubbish}`],
    });
    const collector = serviceKind.create(config, deps);
    const { samples, errors } = await collector.collect(new AbortController().signal);
    expect(errors).toEqual([]);
    const services = samples.filter(({ measurement }) => measurement === 'service');
    const up = services.filter(({ fields }) => fields['up'] === true).map(({ tags }) => tags['check']);
    expect(services).toHaveLength(checks.length);
    expect(up).toEqual(['login', 'tcp', 'smtp', 'dns']);
    const { points, refusals } = throughCentral(samples);
    expect(refusals).toEqual([]);
    expect(points).toBe(samples.length);
  });
});
