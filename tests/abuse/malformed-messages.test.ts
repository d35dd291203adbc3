import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FieldValue, Sample } from '../../contract/sample.ts';
import { agentTopic } from '../../contract/topics.ts';
import { CentralProgram } from '../support/central-program.ts';
import { RAW_EPOCH, rawBatch, RawAgent } from '../support/raw-agent.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { until } from '../support/until.ts';

const AGENT = 'gw-26734-01';
const NOISY = 'gw-26734-02';
const HOUR_MS = 3_600_000;
/** Longer than the broker's limit (10 s) for a CONNECT that does not end. */
const HALF_CONNECT_MS = 15_000;

const directory = temporaryDirectory('rubbish');
const firstMs = Date.now() - HOUR_MS;
/** Good samples are one second apart, so that each has its own time. */
const good: [timeMs: number, value: number][] = [];
let central: CentralProgram;
let halfConnect: HalfConnect;
let agent: RawAgent;

beforeAll(async () => {
  central = await CentralProgram.start({ directory: directory.path, agents: [AGENT, NOISY] });
  halfConnect = startHalfConnect();
  agent = await RawAgent.connect(central.brokerUrl, AGENT);
});
afterAll(async () => {
  agent.end();
  halfConnect.socket.destroy();
  await central.end('SIGKILL');
  directory.remove();
});

function goodSample(): Sample {
  const value = good.length + 1;
  const timeMs = firstMs + value * 1_000;
  good.push([timeMs, value]);
  return { measurement: 'ping', tags: { url: 'good' }, fields: { average_response_ms: value }, timeMs };
}

function ping(fields: Record<string, FieldValue>, rest: Partial<Sample> = {}): Sample {
  return { measurement: 'ping', tags: { url: 'bad' }, fields, timeMs: firstMs, ...rest };
}

/** Runs the failing action between two good batches: both are acknowledged and stored, and central keeps running. */
async function betweenGoodBatches(bad: () => unknown): Promise<void> {
  agent.send([goodSample()]);
  await bad();
  await agent.untilStored(agent.send([goodSample()]));
  expect(agent.stored.size).toBe(agent.sentBatches);
  for (const path of ['/healthz', '/readyz']) expect((await central.fetch(path)).status, path).toBe(200);
  const query = `measurement=ping&field=average_response_ms&group=agent,url&tag.url=good&from=${firstMs}`;
  const { series } = await central.get<{ series: unknown[] }>(`/api/v1/series?${query}`);
  expect(series).toEqual([{ tags: { agent: AGENT, url: 'good' }, points: good }]);
}

/** Call it before the refusal; the returned function waits until it is counted once and is readable with its reason. */
async function watch(code: string, metric: string): Promise<(reason: RegExp, by: string) => Promise<void>> {
  const countBefore = await central.metric(metric);
  const idBefore = (await central.quarantined(`code=${code}`))[0]?.id ?? 0;
  return async (reason, by) => {
    await until(async () => {
      expect(await central.metric(metric)).toBe(countBefore + 1);
      const entries = await central.quarantined(`code=${code}`);
      const newer = entries.filter((entry) => entry.id > idBefore);
      expect(newer).toMatchObject([{ agent: by, reason: expect.stringMatching(reason) as string }]);
    });
  };
}

describe('a message that is no batch', () => {
  const envelope = { v: 1, epoch: RAW_EPOCH, seq: 1, lowest: 1, sentAtMs: 1, backfill: false, baseMs: 1 };
  const gzipJson = (value: unknown): Buffer => gzipSync(JSON.stringify(value));

  it.each<[what: string, payload: () => Buffer, code: string, reason: RegExp]>([
    ['nothing at all', () => Buffer.alloc(0), 'not-gzip', /not whole gzip/],
    ['rubbish', () => randomBytes(1_000), 'not-gzip', /not whole gzip/],
    [
      'a truncated batch',
      () => rawBatch(9, [ping({ ttl: 1 })]).subarray(0, -9),
      'not-gzip',
      /not whole gzip/,
    ],
    ['an oversize batch', () => randomBytes(50 * 1024), 'oversize', /has 51200 bytes, at most 49152/],
    [
      'a gzip bomb',
      () => gzipSync(Buffer.alloc(32 * 1024 * 1024)),
      'inflates-too-far',
      /more than 1048576 bytes/,
    ],
    ['gzip without JSON', () => gzipSync('cpu usage=1'), 'not-json', /does not inflate to JSON/],
    [
      'a list nested 100,000 deep',
      () => gzipSync('['.repeat(1e5) + ']'.repeat(1e5)),
      'too-deep',
      /more than 16 levels deep/,
    ],
    ['a list nested 30,000 deep', () => gzipSync('['.repeat(3e4) + ']'.repeat(3e4)), 'wrong-version', /none/],
    [
      'a batch of another version',
      () => gzipJson({ ...envelope, v: 2, tables: [] }),
      'wrong-version',
      /is 2, expected 1/,
    ],
    [
      'a batch with a wrong envelope',
      () => gzipJson({ ...envelope, seq: -1, tables: {} }),
      'wrong-schema',
      /seq: .*tables: /,
    ],
  ])('%s is refused whole and unacknowledged', async (_what, payload, code, reason) => {
    const isReported = await watch(code, `wardwatch_refused_messages{code="${code}"}`);
    await betweenGoodBatches(() => agent.publish(agentTopic(AGENT, 'up'), payload()));
    await isReported(reason, AGENT);
  });
});

describe('a bad row', () => {
  it.each<[what: string, bad: Sample, code: string, reason: RegExp]>([
    ['with a value of the wrong type', ping({ ttl: 'many' }), 'wrong-type', /ttl is "many", expected/],
    [
      'with a value out of range',
      ping({ percent_packet_loss: 101 }),
      'out-of-range',
      /101, expected 0 to 100 %/,
    ],
    [
      'from the future',
      ping({ ttl: 1 }, { timeMs: Date.now() + HOUR_MS }),
      'future',
      /ahead of central, at most 300 s/,
    ],
    [
      'older than what is kept',
      ping({ ttl: 1 }, { timeMs: 1 }),
      'too-old',
      /s old, at most 604800 s are kept/,
    ],
    [
      'of an unknown measurement',
      ping({ ttl: 1 }, { measurement: 'colour' }),
      'unknown-measurement',
      /"colour" is not in the catalogue/,
    ],
    ['with an unknown tag', ping({ ttl: 1 }, { tags: { colour: 'red' } }), 'unknown-tag', /no tag "colour"/],
    [
      "with another agent's name",
      ping({ ttl: 1 }, { tags: { agent: NOISY } }),
      'bad-tag',
      /tag agent is "gw-26734-02", expected the sender/,
    ],
  ])('%s is refused alone and named in the acknowledgement', async (_what, bad, code, reason) => {
    const isReported = await watch(code, `wardwatch_refused_rows{code="${code}"}`);
    let seq = 0;
    await betweenGoodBatches(() => {
      seq = agent.send([bad, goodSample()]);
    });
    await isReported(reason, AGENT);
    const refusals = agent.refused.filter((refusal) => refusal.seq === seq);
    expect(refusals).toEqual([{ seq, rows: [0], reason: expect.stringMatching(reason) as string }]);
  });

  it('of one series too many is refused alone; known series are still accepted', async () => {
    const noisy = await RawAgent.connect(central.brokerUrl, NOISY);
    await betweenGoodBatches(async () => {
      for (let part = 1; part <= 23; part++) {
        noisy.send(
          Array.from({ length: 900 }, (_, index) =>
            ping({ ttl: 1 }, { tags: { url: `host-${part}-${index}` } }),
          ),
        );
      }
      const known = ping({ ttl: 2 }, { tags: { url: 'host-1-0' }, timeMs: firstMs + 1 });
      await noisy.untilStored(noisy.send([known]));
    });
    noisy.end();
    expect(noisy.refused.map(({ seq }) => seq)).not.toContain(24);
    expect(await central.metric('wardwatch_refused_rows{code="too-many-series"}')).toBe(700);
    expect(await central.ledgerOf(NOISY)).toMatchObject({ storedPoints: 20_001, refusedPoints: 700 });
    const [newest] = await central.quarantined('code=too-many-series');
    expect(newest).toMatchObject({
      agent: NOISY,
      reason: 'more than 20000 series from one agent within an hour',
    });
  });
});

describe('a client of the broker port', () => {
  /** Resolves when the broker has closed the connection. Unlike events.once, it does not reject on an 'error' before. */
  const isCut = (end: { once(event: 'close', listener: () => void): unknown }): Promise<void> =>
    new Promise((resolve) => end.once('close', () => resolve()));

  async function say(bytes: Buffer | string): Promise<void> {
    const socket = connectToBroker();
    const cut = isCut(socket);
    socket.write(bytes);
    await cut;
  }

  async function publishAsNoisy(topic: string, payload: Buffer): Promise<void> {
    const sender = await RawAgent.connect(central.brokerUrl, NOISY);
    const cut = isCut(sender.client.stream);
    sender.publish(topic, payload);
    await cut;
    sender.end();
  }

  it.each<[what: string, kind: string, reason: RegExp, by: string, attempt: () => Promise<unknown>]>([
    [
      "an agent that publishes under another's name",
      'publish',
      /another agent's topic, topic wardwatch\/1\/\d+\/gw-26734-01\/up, from 127/,
      NOISY,
      () => publishAsNoisy(agentTopic(AGENT, 'up'), rawBatch(999, [ping({ ttl: 1 })])),
    ],
    [
      "an agent that listens to another's answers",
      'subscribe',
      /another agent's topic/,
      NOISY,
      async () => {
        const listener = await RawAgent.connect(central.brokerUrl, NOISY);
        await expect(listener.client.subscribeAsync(agentTopic(AGENT, 'ack'))).rejects.toThrow();
        listener.end();
      },
    ],
    [
      'an agent with a packet above the limit',
      'protocol',
      /packet is larger than 65536 bytes/,
      NOISY,
      () => publishAsNoisy(agentTopic(NOISY, 'up'), randomBytes(2 * 1024 * 1024)),
    ],
  ])('%s is refused, counted and named', async (_what, kind, reason, by, attempt) => {
    const isReported = await watch(`broker-${kind}`, `wardwatch_broker_refused{kind="${kind}"}`);
    await betweenGoodBatches(attempt);
    await isReported(reason, by);
  });

  it.each<[what: string, kind: string, attempt: () => Promise<unknown>]>([
    [
      'an agent with a wrong password',
      'authentication',
      () => {
        const guess = { clientId: NOISY, username: NOISY, password: 'guess', protocolVersion: 4 } as const;
        return expect(connectAsync(central.brokerUrl, { ...guess, reconnectPeriod: 0 })).rejects.toThrow();
      },
    ],
    ['random bytes', 'protocol', () => say(randomPacket())],
    ['an HTTP request', 'protocol', () => say('GET / HTTP/1.1\r\nHost: broker\r\n\r\n')],
    [
      'a PUBLISH before any CONNECT',
      'protocol',
      () => say(Buffer.from([0x30, 0x05, 0x00, 0x01, 0x61, 0x62, 0x63])),
    ],
    [
      'a CONNECT that claims 256 MiB',
      'protocol',
      () => say(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f, 0x00])),
    ],
    ['a CONNECT full of garbage', 'protocol', () => say(Buffer.from([0x10, 0x04, 0xff, 0xff, 0x01, 0x02]))],
  ])('%s is refused and counted, and takes no room in the quarantine', async (_what, kind, attempt) => {
    const metric = `wardwatch_broker_refused{kind="${kind}"}`;
    const query = `code=broker-${kind}`;
    const before = [await central.metric(metric), await central.quarantined(query)] as const;
    await betweenGoodBatches(attempt);
    await until(async () => expect(await central.metric(metric)).toBe(before[0] + 1));
    expect(await central.quarantined(query)).toEqual(before[1]);
  });

  it('a CONNECT that never ends is closed at the time limit', async () => {
    await betweenGoodBatches(() => halfConnect.closed);
    expect(halfConnect.openForMs()).toBeLessThan(HALF_CONNECT_MS);
  });
});

describe('afterwards', () => {
  it('the ledger has no loss, and central stops normally', async () => {
    expect(await central.ledgerOf(AGENT)).toMatchObject({
      stored: [[1, agent.sentBatches]],
      missing: [],
      storedPoints: good.length,
      completeness: 1,
    });
    expect(await central.metric('wardwatch_internal_errors_total')).toBe(0);
    expect(await central.end('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
  });
});

/** Not a CONNECT (type 1), which one in sixteen random byte sequences would be. */
function randomPacket(): Buffer {
  return Buffer.concat([Buffer.from([0xf3]), randomBytes(4_096)]);
}

function connectToBroker(): Socket {
  const socket = connect(Number(new URL(central.brokerUrl).port), '127.0.0.1');
  return socket.on('error', () => undefined).resume();
}

interface HalfConnect {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  openForMs(): number;
}

/** Announces 100 bytes and sends one from time to time. */
function startHalfConnect(): HalfConnect {
  const socket = connectToBroker();
  const startedMs = performance.now();
  let endedMs: number | undefined;
  socket.write(Buffer.from([0x10, 0x64, 0x00, 0x04]));
  const drip = setInterval(() => socket.write('M'), 300);
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      clearInterval(drip);
      endedMs = performance.now();
      resolve();
    });
  });
  return { socket, closed, openForMs: () => (endedMs ?? performance.now()) - startedMs };
}
