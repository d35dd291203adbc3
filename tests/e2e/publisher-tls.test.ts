import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPublisher, type Publisher } from '../../edge/publisher/publisher.ts';
import type { BrokerConnection } from '../../edge/protocols/mqtt/connection.ts';
import { MemoryQueue } from '../../edge/publisher/testing/memory-queue.ts';
import { systemClock } from '../../runtime/clock.ts';
import { findProgram } from '../support/find-program.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { QUICK, sampleBody, TestBroker, TestCentral, until } from './publisher-bench.ts';

const openssl = findProgram('openssl');

interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** A self-signed certificate for 127.0.0.1. */
function makeIdentity(directory: string, name: string): Identity {
  const [keyFile, certFile] = [join(directory, `${name}.key`), join(directory, `${name}.crt`)];
  const args =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -addext subjectAltName=IP:127.0.0.1';
  const made = spawnSync(openssl ?? '', [
    ...args.split(' '),
    ...['-subj', `/CN=${name}`, '-keyout', keyFile, '-out', certFile],
  ]);
  if (made.status !== 0) throw new Error(String(made.stderr));
  return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}

describe.skipIf(openssl === undefined)('the publisher over TLS [needs openssl]', () => {
  let directory: TemporaryDirectory;
  let server: Identity;
  let agent: Identity;
  let broker: TestBroker;
  let publisher: Publisher;
  let log: string;
  const queue = new MemoryQueue();

  beforeAll(async () => {
    directory = temporaryDirectory('publisher-tls');
    server = makeIdentity(directory.path, 'broker');
    agent = makeIdentity(directory.path, 'gw-1');
    broker = new TestBroker(new TestCentral(), { ...server, ca: agent.cert, requestCert: true });
    await broker.start();
  });

  afterEach(() => publisher.stop());

  afterAll(async () => {
    await broker.kill();
    directory.remove();
  });

  async function startPublisher(connection: Omit<BrokerConnection, 'url'>): Promise<void> {
    log = '';
    publisher = createPublisher({
      agent: 'gw-1',
      queue,
      connection: { url: broker.url, ...connection },
      nextBirth: () => 1,
      describe: () => ({}),
      clock: systemClock,
      random: Math.random,
      log: pino({ level: 'debug' }, { write: (line) => void (log += line) }),
      timings: QUICK,
    });
    queue.add(sampleBody(1));
    await publisher.start(new AbortController().signal);
  }

  it('delivers with a certificate of its own, to a broker that it can check', async () => {
    await startPublisher({ ca: server.cert, ...agent });
    await until(() => expect(queue.stats().pendingBatches).toBe(0));
  });

  it.each([
    ['knows nobody to vouch for', {}],
    ['is told to expect someone else', { ca: 'agent' }],
  ])('does not talk to a broker that it %s', async (_what, { ca }: { ca?: string }) => {
    await startPublisher(ca === undefined ? {} : { ca: agent.cert });
    await until(() => expect(log).toMatch(/self-signed certificate/));
    expect(publisher.status()).toMatchObject({ connected: false, connects: 0 });
  });

  it('says so and lives on when the key is no key, without repeating it', async () => {
    await startPublisher({ cert: agent.cert, key: 'not-a-key-but-secret' });
    await until(() => expect(log).toMatch(/"problem"/));
    expect(log).not.toContain('not-a-key-but-secret');
    expect(publisher.status().connected).toBe(false);
  });
});
