import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_BATCH_BYTES, MAX_INFLATED_BYTES } from '../../contract/batch.ts';
import { agentTopic } from '../../contract/topics.ts';
import { Workbench } from './testing/workbench.ts';

let bench: Workbench;

beforeEach(async () => {
  bench = new Workbench();
  await bench.ingest.start(new AbortController().signal);
});

afterEach(() => bench.dispose());

/** Sends a good batch before and after: the payload in between must not affect them. */
async function sendBetweenGoodOnes(topic: string, payload: Buffer): Promise<void> {
  bench.send('gw-good', 1);
  bench.bus.receive(topic, payload);
  bench.send('gw-good', 2);
  await bench.clock.advance(200);
  await bench.quarantine.flush();
  await bench.clock.advance(0);
  expect(bench.acks('gw-good')).toMatchObject([{ stored: [[1, 2]] }]);
}

function envelope(more: object): Buffer {
  const good = {
    v: 1,
    epoch: 'abcdefgh',
    seq: 1,
    lowest: 1,
    sentAtMs: 1,
    backfill: false,
    baseMs: 1,
    tables: [],
  };
  return gzipSync(JSON.stringify({ ...good, ...more }));
}

function bomb(): Buffer {
  return gzipSync(Buffer.alloc(MAX_INFLATED_BYTES * 20));
}

describe('invalid messages on the up topic', () => {
  it.each([
    ['random bytes', 'not-gzip', (): Buffer => randomBytes(500)],
    ['nothing', 'not-gzip', (): Buffer => Buffer.alloc(0)],
    ['a truncated gzip', 'not-gzip', (): Buffer => bench.batch(1, [1, 2, 3]).subarray(0, -5)],
    ['something oversize', 'oversize', (): Buffer => randomBytes(MAX_BATCH_BYTES + 1)],
    ['a gzip bomb', 'inflates-too-far', bomb],
    ['gzip of no JSON', 'not-json', (): Buffer => gzipSync('{"v":1,')],
    ['another version', 'wrong-version', (): Buffer => envelope({ v: 2 })],
    ['JSON of no version', 'wrong-version', (): Buffer => gzipSync('[1,2]')],
    ['a wrong type in the envelope', 'wrong-schema', (): Buffer => envelope({ seq: 'one' })],
    ['a seq of 0', 'wrong-schema', (): Buffer => envelope({ seq: 0 })],
    ['an epoch that is no name', 'wrong-schema', (): Buffer => envelope({ epoch: '../../etc' })],
    [
      'too many tables',
      'wrong-schema',
      (): Buffer =>
        envelope({ tables: new Array(65).fill({ measurement: 'm', tags: [], fields: [], rows: [] }) }),
    ],
  ])('%s is counted as %s, kept with its reason and not acknowledged', async (_what, code, payload) => {
    const bytes = payload();
    await sendBetweenGoodOnes(agentTopic('gw-bad', 'up'), bytes);
    expect(bench.ingest.stats().refusedMessages).toEqual({ [code]: 1 });
    const [entry, ...others] = await bench.quarantine.list({ limit: 5 });
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ agent: 'gw-bad', code, payloadBytes: bytes.length });
    expect(entry?.reason.length).toBeGreaterThan(10);
    expect(bench.acks('gw-bad')).toEqual([]);
    expect(bench.ingest.stats().internalErrors).toBe(0);
  });

  it.each([
    ['a wrong partition', `wardwatch/1/000/gw-bad/up`],
    ['no agent id', 'wardwatch/1/000/GW BAD/up'],
    ['too deep a topic', `${agentTopic('gw-bad', 'up')}/more`],
    ['a topic of another kind', agentTopic('gw-bad', 'result')],
  ])('a good batch on %s is refused by its topic', async (_what, topic) => {
    await sendBetweenGoodOnes(topic, bench.batch(1, [1]));
    expect(bench.ingest.stats().refusedMessages).toEqual({ 'bad-topic': 1 });
    expect(await bench.quarantine.list({ limit: 1 })).toMatchObject([
      { agent: 'unknown', code: 'bad-topic' },
    ]);
  });

  it('rows of an unknown measurement or out of range are refused in the ack, so that the batch is not resent', async () => {
    const rows = [
      [['n-1'], 0, [1]],
      [['n-1'], 1, [-5]],
    ];
    const tables = [
      { measurement: 'ping', tags: ['device'], fields: ['average_response_ms'], rows },
      { measurement: 'nonsense', tags: [], fields: ['x'], rows: [[[], 0, [1]]] },
    ];
    await sendBetweenGoodOnes(agentTopic('gw-bad', 'up'), envelope({ tables }));
    expect(bench.acks('gw-bad')).toMatchObject([
      { stored: [[1, 1]], refused: [{ rows: [1] }, { rows: [2] }] },
    ]);
    expect(bench.ingest.stats()).toMatchObject({
      storedPoints: 3,
      refusedRows: { 'unknown-measurement': 1, 'out-of-range': 1 },
    });
  });

  it('a batch on which the validator itself throws is quarantined unacknowledged and affects no other', async () => {
    const tables = [{ measurement: 'ping', tags: ['device'], fields: ['average_response_ms'], rows: [null] }];
    await sendBetweenGoodOnes(agentTopic('gw-bad', 'up'), envelope({ tables }));
    expect(bench.ingest.stats()).toMatchObject({ internalErrors: 1, refusedMessages: { internal: 1 } });
    expect(await bench.quarantine.list({ limit: 1 })).toMatchObject([{ agent: 'gw-bad', code: 'internal' }]);
    expect(bench.acks('gw-bad')).toEqual([]);
  });

  it('no input causes an internal error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), async (payloads) => {
        for (const payload of payloads) bench.bus.receive(agentTopic('gw-bad', 'up'), Buffer.from(payload));
        for (const payload of payloads)
          bench.bus.receive(agentTopic('gw-bad', 'state'), Buffer.from(payload));
        for (const payload of payloads) bench.bus.receive(agentTopic('gw-bad', 'up'), gzipSync(payload));
        await bench.clock.advance(1);
        expect(bench.ingest.stats()).toMatchObject({ internalErrors: 0, storedBatches: 0 });
      }),
      { numRuns: 30 },
    );
  });
});

describe('invalid messages on the state topic', () => {
  it.each([
    ['no JSON', 'nonsense'],
    ['a wrong version', '{"v":9,"online":true,"birth":1}'],
    ['a birth that is no number', '{"v":1,"online":true,"birth":"x"}'],
    ['something oversize', JSON.stringify({ v: 1, online: true, birth: 1, more: 'x'.repeat(5_000) })],
  ])('%s is refused and kept', async (_what, text) => {
    await sendBetweenGoodOnes(agentTopic('gw-bad', 'state'), Buffer.from(text));
    expect(bench.ingest.stats().refusedMessages).toEqual({ 'bad-state': 1 });
    expect(await bench.quarantine.list({ limit: 1 })).toMatchObject([{ agent: 'gw-bad', code: 'bad-state' }]);
  });
});
