import type { Duplex } from 'node:stream';
import { randomBytes } from 'node:crypto';
import { connect as connectSocket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { encodeBatch, encodeSamples } from '../../contract/codec.ts';
import type { Sample } from '../../contract/sample.ts';
import { agentTopic } from '../../contract/topics.ts';
import { CentralProgram } from '../support/central-program.ts';
import { RAW_EPOCH, RawAgent } from '../support/raw-agent.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';

/** Each kind of rubbish comes from an agent of its own, named after it. */
const BATCHES: readonly (readonly [agent: string, code: string, payload: () => Buffer])[] = [
  ['rubbish', 'not-gzip', () => randomBytes(800)],
  ['truncated', 'not-gzip', () => batch([ping(1)]).subarray(0, -9)],
  ['gzip-bomb', 'inflates-too-far', () => gzipSync(Buffer.alloc(32 * 1024 * 1024))],
  ['wrong-version', 'wrong-version', () => envelope({ v: 2 })],
  ['wrong-schema', 'wrong-schema', () => envelope({ seq: 'one' })],
  ['wrong-type', 'wrong-type', () => batch([ping('fast')])],
  ['out-of-range', 'out-of-range', () => batch([ping(-5)])],
  ['future', 'future', () => batch([{ ...ping(1), timeMs: Date.now() + 3_600_000 }])],
  ['too-old', 'too-old', () => batch([{ ...ping(1), timeMs: Date.now() - 30 * 86_400_000 }])],
  ['unknown', 'unknown-measurement', () => batch([{ ...ping(1), measurement: 'nonsense' }])],
];
const TOO_MANY = 'too-many-series';
const AGENTS = ['good', TOO_MANY, 'impostor', 'oversize', ...BATCHES.map(([agent]) => agent)];

let scratch: TemporaryDirectory;
let central: CentralProgram;
let good: RawAgent;
let goodSamples = 0;
const agents: RawAgent[] = [];

beforeAll(async () => {
  scratch = temporaryDirectory('rubbish');
  central = await CentralProgram.start({ directory: scratch.path, agents: AGENTS });
  good = await agent('good');
});
afterAll(async () => {
  for (const one of agents) one.end();
  await central.end('SIGKILL');
  scratch.remove();
});

async function agent(name: string): Promise<RawAgent> {
  const connected = await RawAgent.connect(central.brokerUrl, name);
  agents.push(connected);
  return connected;
}

function ping(value: number | string, device = 'n-1'): Sample {
  const fields = { average_response_ms: value };
  return { measurement: 'ping', tags: { device }, fields, timeMs: Date.now() };
}

/** Each at a time of its own: two at once would be one point. */
function nextGood(): Sample {
  const sample = ping(++goodSamples, 'good');
  return { ...sample, timeMs: sample.timeMs + goodSamples };
}

/** Unlike events.once, an error on the way does not matter. */
function closed(socket: Pick<Duplex, 'once'>): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

function batch(samples: readonly Sample[], seq = 1): Buffer {
  const header = { epoch: RAW_EPOCH, seq, lowest: 1, sentAtMs: Date.now(), backfill: false };
  return encodeBatch(header, encodeSamples(samples).bodies[0]?.bytes ?? Buffer.alloc(0));
}

function envelope(more: object): Buffer {
  const nowMs = Date.now();
  const header = {
    v: 1,
    epoch: RAW_EPOCH,
    seq: 1,
    lowest: 1,
    sentAtMs: nowMs,
    backfill: false,
    baseMs: nowMs,
  };
  return gzipSync(JSON.stringify({ ...header, tables: [], ...more }));
}

interface Entry {
  readonly agent: string;
  readonly code: string;
  readonly reason: string;
}

async function quarantined(query: string): Promise<readonly Entry[]> {
  return (await central.get<{ items: readonly Entry[] }>(`/api/v1/quarantine?limit=100&${query}`)).items;
}

/** Good samples before and after: whatever stands between must cost none of them, and central must live. */
async function betweenGoodOnes(work: () => Promise<void> | void): Promise<void> {
  good.send([nextGood()]);
  await work();
  await good.untilStored(good.send([nextGood()]));
  expect(good.refused).toEqual([]);
  expect((await central.fetch('/healthz')).status).toBe(200);
  expect((await central.fetch('/readyz')).status).toBe(200);
}

describe('rubbish at a running central', () => {
  it.each(BATCHES)('%s: is refused as %s, with its reason in the API', async (name, code, payload) => {
    const sender = await agent(name);
    await betweenGoodOnes(() => sender.say(agentTopic(name, 'up'), payload()));
    await vi.waitFor(async () => {
      const [entry] = await quarantined(`agent=${name}`);
      expect(entry).toMatchObject({ agent: name, code });
      expect(entry?.reason.length).toBeGreaterThan(10);
    }, 5_000);
    const metrics = await (await central.fetch('/metrics')).text();
    expect(metrics).toMatch(new RegExp(`^wardwatch_refused_\\w+\\{\\w+="${code}"\\} [1-9]`, 'm'));
  });

  it('too many series: the first 5,000 are stored, the others refused', async () => {
    const sender = await agent(TOO_MANY);
    await betweenGoodOnes(async () => {
      for (let seq = 1; seq <= 6; seq++) {
        const samples = Array.from({ length: 900 }, (_, index) => ping(1, `n-${seq}-${index}`));
        await sender.untilStored(sender.send(samples));
      }
    });
    await vi.waitFor(async () => {
      expect(await quarantined(`agent=${TOO_MANY}&code=${TOO_MANY}`)).not.toEqual([]);
    }, 5_000);
    type Ledger = { items: { agent: string; storedPoints: number; refusedPoints: number }[] };
    const { items } = await central.get<Ledger>('/api/v1/ledger?limit=100');
    expect(items.find((entry) => entry.agent === TOO_MANY)).toMatchObject({
      storedPoints: 5_000,
      refusedPoints: 400,
    });
  });

  it("another agent's name: the broker cuts the connection and nothing counts as that agent's", async () => {
    const impostor = await agent('impostor');
    const cut = closed(impostor.client.stream);
    await betweenGoodOnes(async () => {
      impostor.say(agentTopic('good', 'up'), batch([ping(666, 'good')], 999));
      await cut;
    });
    await vi.waitFor(async () => {
      const [entry] = await quarantined('agent=impostor');
      expect(entry?.code).toBe('broker-publish');
      expect(entry?.reason).toContain(agentTopic('good', 'up'));
    }, 5_000);
  });

  it('oversize: the broker cuts the connection before it holds the message', async () => {
    const sender = await agent('oversize');
    const cut = closed(sender.client.stream);
    await betweenGoodOnes(async () => {
      sender.say(agentTopic('oversize', 'up'), randomBytes(2 * 1024 * 1024));
      await cut;
    });
    await vi.waitFor(async () => {
      expect((await quarantined('code=broker-protocol')).length).toBeGreaterThan(0);
    }, 5_000);
  });

  it.each([
    ['garbage', randomBytes(4_096)],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: broker\r\n\r\n')],
    ['a CONNECT that claims 256 MiB', Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f, 0x00])],
    ['a PUBLISH before any CONNECT', Buffer.from([0x30, 0x05, 0x00, 0x01, 0x61, 0x62, 0x63])],
  ])('a client that speaks %s at the broker port is cut off', async (_what, bytes) => {
    await betweenGoodOnes(async () => {
      const socket = connectSocket(Number(new URL(central.brokerUrl).port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.resume();
      const cut = closed(socket);
      socket.write(bytes);
      await cut;
    });
  });

  it('of all this no good sample is missing, none is double, and the ledger is complete', async () => {
    type Series = { series: { points: [number, number][] }[] };
    const path = '/api/v1/series?measurement=ping&field=average_response_ms&tag.agent=good&group=agent';
    const { series } = await central.get<Series>(path);
    const values = series.flatMap(({ points }) => points.map(([, value]) => value));
    expect(values).toEqual(Array.from({ length: goodSamples }, (_, index) => index + 1));
    type Ledger = { items: { agent: string; completeness: number; missing: unknown[] }[] };
    const { items } = await central.get<Ledger>('/api/v1/ledger?limit=100');
    expect(items.find((entry) => entry.agent === 'good')).toMatchObject({ completeness: 1, missing: [] });
    expect(await central.end('SIGTERM')).toMatchObject({ code: 0, stderr: '' });
  });
});
