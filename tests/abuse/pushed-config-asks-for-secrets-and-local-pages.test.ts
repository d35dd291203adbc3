import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigCity } from '../support/config-city.ts';

const SERVER = { kind: 'server', intervalMs: 2_000 };
const COMMUNITY = 'community-of-the-city';
/** Where the attacker listens. The agent's file permits connections there, so that only the rules of secrets protect. */
const ATTACKER = '127.0.0.2';

/** Whoever may push configs tries to read this machine and to have its secrets sent to a machine of his own. */
describe('a pushed configuration asks for secrets and local pages', () => {
  const city = new ConfigCity('embedded');
  let page: Server;
  let pageRequests = 0;
  let redirect: Server;
  let redirectRequests = 0;
  let attacker: Socket;
  let stolen = '';

  const portOf = (server: { address(): AddressInfo | string | null }): number =>
    (server.address() as AddressInfo).port;
  const readsPage = (url: string): object => ({
    kind: 'service',
    intervalMs: 2_000,
    timeoutMs: 2_000,
    deadlineMs: 1_000,
    checks: [{ type: 'http', service: 'page', url, bodyContains: 'key: 4711' }],
  });
  const sendsCommunity = (file: string): object => ({
    kind: 'snmp',
    intervalMs: 2_000,
    timeoutMs: 2_000,
    replyTimeoutMs: 200,
    credentials: { core: { version: '2c', community: { file } } },
    devices: [{ device: 'n-1', address: ATTACKER, port: attacker.address().port, credentials: 'core' }],
  });
  const refusalOf = async (collector: object): Promise<string> => {
    await city.push([SERVER, collector]);
    const { desired } = await city.config();
    const { problem } = await city.untilState({ state: 'failed', desired });
    return problem?.reason ?? '';
  };
  const restartWith = async (configFromCentral: object): Promise<void> => {
    await city.edge.end('SIGTERM');
    city.configFromCentral = { allowTargets: [ATTACKER], ...configFromCentral };
    city.startEdge();
  };

  beforeAll(async () => {
    page = createServer((_request, response) => {
      pageRequests++;
      response.end('key: 4711');
    }).listen(0, '127.0.0.1');
    redirect = createServer((_request, response) => {
      redirectRequests++;
      response.writeHead(302, { location: `http://127.0.0.1:${portOf(page)}/` }).end();
    }).listen(0, ATTACKER);
    attacker = createSocket('udp4').on('message', (message) => (stolen += message.toString('latin1')));
    attacker.bind(0, ATTACKER);
    await Promise.all([page, redirect, attacker].map((each) => once(each, 'listening')));
    city.configFromCentral = { allowTargets: [ATTACKER] };
    await city.start();
    await city.untilState({ state: 'own_file' });
  });
  afterAll(async () => {
    await city.stop();
    page.close();
    redirect.close();
    attacker.close();
  });

  it.each([
    ['by its address', '127.0.0.1'],
    ['by its name', 'localhost'],
    ['as an IPv6 address that stands for it', '[::ffff:127.0.0.1]'],
  ])('a page of this machine, %s: refused with the line that would allow it', async (_how, host) => {
    const reason = await refusalOf(readsPage(`http://${host}:${portOf(page)}/`));
    expect(reason).toMatch(/^collectors\[1\]\.checks\[0\]\.url: .* configFromCentral: \{ allowTargets: \['/);
    expect(pageRequests).toBe(0);
  });

  it('the metadata of a cloud: refused', async () => {
    expect(await refusalOf(readsPage('http://169.254.169.254/latest/meta-data/'))).toContain('is link-local');
  });

  it('a page of this machine behind a redirect: the redirect is not followed', async () => {
    await city.push([SERVER, readsPage(`http://${ATTACKER}:${portOf(redirect)}/`)]);
    await city.until(async () => {
      expect(redirectRequests).toBeGreaterThan(0);
      expect(city.edge.stderr).toContain('where a config from central may not connect');
    });
    expect(pageRequests).toBe(0);
  });

  it('a secret for a device of the attacker: refused with the line that would allow it', async () => {
    const file = city.secretFile('snmp', COMMUNITY);
    const reason = await refusalOf(sendsCommunity(file));
    expect(reason).toContain(
      `collectors[1].credentials.core.community: ${file} may not go to snmp://${ATTACKER}:`,
    );
    expect(reason).toContain(
      `configFromCentral: { secrets: [{ file: '${file}', targets: ['snmp://${ATTACKER}:`,
    );
    expect(stolen).toBe('');
  });

  it('the agent’s own password for a broker of the attacker: refused', async () => {
    const broker = {
      url: `mqtt://${ATTACKER}:1883`,
      username: 'x',
      passwordFile: city.secretFile('own', 'only in tests'),
    };
    expect(await refusalOf({ kind: 'telegraf', mqtt: { broker, topics: ['t'] } })).toContain(
      'is this agent’s own',
    );
  });

  it('a file of this machine: refused with the line that would allow it', async () => {
    expect(await refusalOf({ kind: 'certificates', files: ['/etc/s*/*.pem'] })).toContain(
      "configFromCentral: { paths: ['/etc'] }",
    );
  });

  it('what the agent’s own file allows is done', async () => {
    const file = city.secretFile('snmp', COMMUNITY);
    await restartWith({
      allowTargets: [ATTACKER, `127.0.0.1:${portOf(page)}`],
      secrets: [{ file, targets: [`snmp://${ATTACKER}:${attacker.address().port}`] }],
    });
    await city.push([SERVER, readsPage(`http://127.0.0.1:${portOf(page)}/`), sendsCommunity(file)]);
    await city.until(async () => {
      expect(pageRequests).toBeGreaterThan(0);
      expect(stolen).toContain(COMMUNITY);
    });
    const { desired } = await city.config();
    await city.untilState({ state: 'running', desired });
  });

  it('what ran before and is no longer allowed does not run after the next start, and central is told why', async () => {
    await restartWith({});
    const { desired } = await city.config();
    const { problem } = await city.untilState({ state: 'failed', desired });
    expect(problem?.reason).toMatch(
      /^worked before, but no longer does: .* to allow it, in edge\.yaml: configFromCentral: /,
    );
  });
});
