import { connectAsync, type MqttClient } from 'mqtt';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { STATE_FILTER, UP_FILTER } from '../../contract/topics.ts';
import { createPublisher, type Publisher } from '../../edge/publisher/publisher.ts';
import { MemoryQueue } from '../../edge/publisher/testing/memory-queue.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { startMosquitto, type MosquittoServer } from '../support/mosquitto.ts';
import { describeWith } from '../support/parts.ts';
import { until } from '../support/until.ts';
import { QUICK, sampleBody, TestCentral } from './publisher-bench.ts';

const AGENT = 'gw-26734';
/** May log in, and publish nothing. */
const STRANGER = 'gw-26735';

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
      users: { [AGENT]: 'right', [STRANGER]: 's', central: 'c' },
      acl: [
        'user central',
        'topic readwrite wardwatch/#',
        `user ${AGENT}`,
        `topic write wardwatch/1/+/${AGENT}/up`,
        `topic write wardwatch/1/+/${AGENT}/state`,
        'pattern read wardwatch/1/+/%u/ack',
        'pattern read wardwatch/1/control/flow',
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

  async function startPublisher(password: string, log = silentLogger): Promise<void> {
    publisher = createPublisher({
      agent: AGENT,
      queue,
      connection: { url: broker.url, username: AGENT, password },
      nextBirth: () => ++births,
      describe: () => ({ kind: 'gateway' }),
      clock: systemClock,
      random: Math.random,
      log,
      timings: { ...QUICK, silentAfterMs: 300 },
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

  it('holds when central asks for it', async () => {
    await startPublisher('right');
    await until(() => expect(publisher.status().connected).toBe(true));
    central.flow(JSON.stringify({ v: 1, mode: 'hold', backfillPerS: 400 }));
    await until(() => expect(publisher.status().flowMode).toBe('hold'));
  });

  it('says that it is connected and nothing is acknowledged, once, and once that it is again', async () => {
    // As for an agent without the line of the ACL that lets it write: this broker grants each SUBSCRIBE,
    // answers each PUBLISH with PUBACK, and drops it.
    const lines: string[] = [];
    const log = pino({}, { write: (line: string) => void lines.push(line) });
    const of = (text: string) => lines.filter((line) => line.includes(text));
    central.answers = () => false;
    const stranger = createPublisher({
      agent: STRANGER,
      queue,
      connection: { url: broker.url, username: STRANGER, password: 's' },
      nextBirth: () => ++births,
      describe: () => ({}),
      clock: systemClock,
      random: Math.random,
      log,
      timings: { ...QUICK, silentAfterMs: 300 },
    });
    publisher = stranger;
    await stranger.start(new AbortController().signal);
    append(2);
    await until(() => expect(of('connected, nothing acknowledged for ')).toHaveLength(1));
    await until(() => expect(stranger.status().silenceMs).toBeGreaterThan(900));
    expect(central.batches).toEqual([]);
    expect(stranger.status()).toMatchObject({ connected: true, acked: 0 });
    await stranger.stop();

    await startPublisher('right', log);
    await until(() => expect(of('connected, nothing acknowledged for ')).toHaveLength(2));
    central.answers = () => true;
    await until(() => expect(of('central acknowledges again')).toHaveLength(1));
    expect(publisher.status().silenceMs).toBeLessThan(300);
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
