import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { STATE_FILTER, UP_FILTER } from '../../contract/topics.ts';
import { createPublisher, type Publisher } from '../../edge/publisher/publisher.ts';
import { MemoryQueue } from '../../edge/publisher/testing/memory-queue.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { startMosquitto, type MosquittoServer } from '../support/mosquitto.ts';
import { describeWith } from '../support/parts.ts';
import { QUICK, sampleBody, TestCentral, until } from './publisher-bench.ts';

const AGENT = 'gw-26734';

describeWith(['mosquitto'], 'the publisher on Mosquitto', () => {
  let broker: MosquittoServer;
  let central: TestCentral;
  let centralClient: MqttClient;
  let queue: MemoryQueue;
  let publisher: Publisher;
  let births: number;

  async function attachCentral(): Promise<void> {
    centralClient = await connectAsync(broker.url, {
      reconnectPeriod: 0,
      username: 'central',
      password: 'c',
    });
    centralClient.on('error', () => undefined);
    centralClient.on('message', (topic, payload) => central.receive(topic, payload));
    central.attach((topic, payload, retain) => centralClient.publish(topic, payload, { retain }));
    await centralClient.subscribeAsync([UP_FILTER, STATE_FILTER], { qos: 1 });
  }

  beforeEach(async () => {
    broker = await startMosquitto({
      users: { [AGENT]: 'right', central: 'c' },
      acl: [
        'user central',
        'topic readwrite wardwatch/#',
        'pattern write wardwatch/1/+/%u/up',
        'pattern write wardwatch/1/+/%u/state',
        'pattern read wardwatch/1/+/%u/ack',
        'topic read wardwatch/1/control/flow',
      ],
    });
    central = new TestCentral();
    queue = new MemoryQueue();
    births = 0;
    await attachCentral();
  });

  afterEach(async () => {
    await publisher.stop();
    centralClient.end(true);
    await broker.stop();
  });

  async function startPublisher(password: string): Promise<void> {
    publisher = createPublisher({
      agent: AGENT,
      queue,
      connection: { url: broker.url, username: AGENT, password },
      nextBirth: () => ++births,
      describe: () => ({ kind: 'gateway' }),
      clock: systemClock,
      random: Math.random,
      log: silentLogger,
      timings: QUICK,
    });
    await publisher.start(new AbortController().signal);
  }

  const append = (count: number, ageMs = 0): void => {
    for (let index = 0; index < count; index++) queue.add(sampleBody(index), ageMs);
  };

  it('delivers everything over two kill -9 of the broker', async () => {
    await startPublisher('right');
    for (let round = 0; round < 2; round++) {
      append(20, round * 60_000);
      await until(() => expect(central.seqs).toContain(queue.highest()));
      append(5);
      await broker.restart();
      append(5);
      await attachCentral();
    }
    await until(() => expect(queue.stats().pendingBatches).toBe(0));
    expect(new Set(central.seqs).size).toBe(60);
  });

  it('delivers what was PUBACKed and dropped while central was away', async () => {
    await startPublisher('right');
    await until(() => expect(publisher.status().connected).toBe(true));
    await centralClient.endAsync(true);
    append(5);
    await until(() => expect(publisher.status().resends).toBeGreaterThan(4));
    expect(central.seqs).toEqual([]);
    await attachCentral();
    await until(() => expect(queue.stats().pendingBatches).toBe(0));
    expect(publisher.status()).toMatchObject({ connects: 1, stuck: 0, acked: 5 });
  });

  it('leaves a retained goodbye when stopped, though a batch is under way', async () => {
    central.answers = () => false;
    await startPublisher('right');
    append(3);
    await until(() => expect(central.seqs).toHaveLength(3));
    append(1);
    await publisher.stop();
    await until(() => expect(central.states).toHaveLength(2));
    const late = new TestCentral();
    centralClient.on('message', (topic, payload) => late.receive(topic, payload));
    await centralClient.subscribeAsync(STATE_FILTER);
    await until(() => expect(late.states).toHaveLength(1));
    expect(late.states[0]).toMatchObject({ online: false, reason: 'stop', birth: 1 });
  });

  it('keeps its data while its password is refused', async () => {
    append(3);
    await startPublisher('wrong');
    await until(() => expect(births).toBeGreaterThan(3));
    await publisher.stop();
    expect(publisher.status()).toMatchObject({ connects: 0, connected: false });
    await startPublisher('right');
    await until(() => expect(queue.stats().pendingBatches).toBe(0));
  });
});
