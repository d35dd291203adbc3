import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmbeddedBroker, type EmbeddedBroker } from '../../central/mqtt/broker/embedded-broker.ts';
import type { BrokerRefusal } from '../../central/mqtt/broker/refusal.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { until } from '../support/until.ts';

interface Identity {
  readonly cert: Buffer;
  readonly key: Buffer;
}

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

describe.skipIf(!hasOpenssl)('the embedded broker with client certificates [needs openssl]', () => {
  let directory: string;
  let broker: EmbeddedBroker;
  let ca: Buffer;
  const refusals: BrokerRefusal[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tls-'));
    openssl(
      'req',
      '-x509',
      ...newKey('ca'),
      '-out',
      path('ca.pem'),
      '-days',
      '2',
      '-subj',
      '/CN=test authority',
    );
    ca = readFileSync(path('ca.pem'));
    broker = createEmbeddedBroker({
      host: '127.0.0.1',
      port: 0,
      tls: { ...issue('localhost'), ca },
      authenticate: () => 'agent',
      clock: systemClock,
      log: silentLogger,
      onRefused: (refusal) => refusals.push(refusal),
    });
    await broker.start(new AbortController().signal);
  });

  afterAll(async () => {
    await broker.stop();
    rmSync(directory, { recursive: true });
  });

  function path(name: string): string {
    return join(directory, name);
  }

  function openssl(...args: string[]): void {
    const done = spawnSync('openssl', args, { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(done.stderr);
  }

  function newKey(name: string): string[] {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    return [...curve, '-keyout', path(`${name}.key`)];
  }

  function issue(name: string): Identity {
    writeFileSync(path('san.cnf'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
    openssl('req', '-new', ...newKey(name), '-out', path(`${name}.csr`), '-subj', `/CN=${name}`);
    const authority = ['-CA', path('ca.pem'), '-CAkey', path('ca.key'), '-CAcreateserial'];
    const files = ['-in', path(`${name}.csr`), '-out', path(`${name}.pem`), '-extfile', path('san.cnf')];
    openssl('x509', '-req', ...authority, ...files, '-days', '2');
    return { cert: readFileSync(path(`${name}.pem`)), key: readFileSync(path(`${name}.key`)) };
  }

  async function connects(id: string, identity: Partial<Identity>): Promise<boolean> {
    const client = mqtt.connect({
      protocol: 'mqtts',
      host: '127.0.0.1',
      port: broker.port,
      protocolVersion: 4,
      clientId: id,
      username: id,
      reconnectPeriod: 0,
      keepalive: 30,
      ca,
      ...identity,
    });
    client.on('error', () => undefined);
    const isConnected = await new Promise<boolean>((resolve) => {
      client.once('connect', () => resolve(true));
      client.once('close', () => resolve(false));
    });
    client.end(true);
    return isConnected;
  }

  it('accepts an agent whose certificate has its id', async () => {
    expect(await connects('gw-1', issue('gw-1'))).toBe(true);
    expect(refusals).toEqual([]);
  });

  it("refuses another agent's certificate, and none at all", async () => {
    expect(await connects('gw-2', issue('gw-3'))).toBe(false);
    expect(refusals).toMatchObject([{ kind: 'authentication', reason: "another client's certificate" }]);
    expect(await connects('gw-2', {})).toBe(false);
    await until(() => expect(refusals).toMatchObject([{}, { kind: 'connection' }]));
    expect(broker.clientCount()).toBe(0);
  });
});
