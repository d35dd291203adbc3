import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPublisher, type Publisher } from '../../edge/publisher/publisher.ts';
import type { BrokerConnection } from '../../edge/protocols/mqtt/connection.ts';
import { MemoryQueue } from '../../edge/publisher/testing/memory-queue.ts';
import { systemClock } from '../../runtime/clock.ts';
import { makeIdentity, openssl, type Identity } from '../support/identity.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import { connectBy, QUICK, sampleBody, TestBroker, TestCentral } from './publisher-bench.ts';

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
      ...connectBy,
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
    await until(() => expect(log).toMatch(/"err"/));
    expect(log).not.toContain('not-a-key-but-secret');
    expect(publisher.status().connected).toBe(false);
  });
});
