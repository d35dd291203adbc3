import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { hasOpenssl, TestAuthority } from '../protocols/tcp-tls/testing/certificates.ts';
import { closeServers, listen, tcpServer } from '../protocols/testing/servers.ts';
import { adviceForLogin, SPEAKS_TLS } from './broker-advice.ts';
import { checkBroker } from './check-broker.ts';
import { speaksTls } from './speaks-tls.ts';

afterEach(closeServers);

const MQTTS = { protocol: 'mqtts' };

describe('a login that fails', () => {
  it.each([
    ['certificate has expired', 'has expired: renew it'],
    ['certificate is not yet valid', 'set this machine’s clock'],
    [
      "Hostname/IP does not match certificate's altnames: Host: broker.vn. is not in the cert's altnames",
      'is for another name',
    ],
    ['self-signed certificate in certificate chain', 'broker.tls.caFile'],
    ['unable to verify the first certificate', 'broker.tls.caFile'],
    [
      'write EPROTO 80:error:0A00010B:SSL routines:ssl3_get_record:wrong version number',
      'does not speak TLS',
    ],
    [
      'error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required',
      'wants a certificate of the agent',
    ],
    ['Connection refused: Not authorized', 'check user name and password'],
    ['Connection refused: Bad username or password', 'check user name and password'],
    ['the broker refuses the subscription to wardwatch/1/0/gw-1/ack', 'the right to read these topics'],
    ['connection closed', 'check user name, password, certificates'],
  ])('with %j has advice of its own', (problem, advice) => {
    expect(adviceForLogin(problem, MQTTS, true)).toContain(advice);
  });

  it('by mqtt:// at a port that speaks TLS is told so', () => {
    expect(adviceForLogin('connection closed', { protocol: 'mqtt' }, true)).toBe(SPEAKS_TLS);
    expect(adviceForLogin('connection closed', { protocol: 'mqtt' }, false)).not.toBe(SPEAKS_TLS);
  });
});

describe.skipIf(!hasOpenssl)('with real certificates', () => {
  const look = async (url: string, ca?: string) => {
    const findings = await checkBroker(
      'gw-1',
      { url, ...(ca !== undefined && { ca }) },
      { agentRuns: false, takesConfig: false },
    );
    return findings.at(-1);
  };

  it.each([
    ['has expired', 'DNS:localhost', { from: -20, to: -10 }, true, 'has expired'],
    ['is for another name', 'DNS:other.example', { from: -1, to: 10 }, true, 'is for another name'],
    ['is of a foreign authority', 'DNS:localhost', { from: -1, to: 10 }, false, 'broker.tls.caFile'],
  ])('one that %s is named', async (_what, names, days, knowsAuthority, advice) => {
    const authority = new TestAuthority();
    const port = await listen(createTlsServer(authority.issue(names, days)));
    const finding = await look(`mqtts://localhost:${port}`, knowsAuthority ? authority.caCert : undefined);
    authority.remove();
    expect(finding).toMatchObject({
      check: 'broker login',
      level: 'fail',
      advice: expect.stringContaining(advice) as string,
    });
  });

  it('a port that speaks TLS is told from one that does not', async () => {
    const authority = new TestAuthority();
    const secure = await listen(createTlsServer(authority.issue('DNS:localhost')));
    authority.remove();
    const plain = await tcpServer((socket) => socket.end('no TLS here\r\n'));
    const at = (port: number) => speaksTls({ protocol: 'mqtt', host: '127.0.0.1', port }, 5_000);
    expect([await at(secure), await at(plain)]).toEqual([true, false]);
    expect(await look(`mqtt://127.0.0.1:${secure}`)).toMatchObject({ level: 'fail', advice: SPEAKS_TLS });
  });
});
