import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_BATCH_BYTES, MAX_BATCH_POINTS, MAX_INFLATED_BYTES, type Batch, type Row } from './batch.ts';
import {
  BatchError,
  decodeBatch,
  encodeBatch,
  encodeLossBody,
  encodeSamples,
  type EncodedBody,
} from './codec.ts';
import type { FieldValue, Sample } from './sample.ts';

const NOW = 1_795_462_349_123;
const HEADER = { epoch: 'k3f9a2c1', seq: 7, lowest: 3, sentAtMs: NOW, backfill: false };

function sampleOf(index: number, fields: Sample['fields'] = { average_response_ms: index / 8 }): Sample {
  return { measurement: 'ping', tags: { host: 'gw-1', url: `10.0.0.${index}` }, fields, timeMs: NOW - index };
}

function manySamples(count: number, fieldsOf?: (index: number) => Sample['fields']): Sample[] {
  return Array.from({ length: count }, (_, index) => sampleOf(index, fieldsOf?.(index)));
}

function receive(body: EncodedBody | undefined): Batch {
  return decodeBatch(encodeBatch(HEADER, body!.bytes));
}

/** What a reader without types makes of a batch: long integers stay texts. */
function toSamples({ baseMs, tables }: Batch): Sample[] {
  return tables.flatMap(({ measurement, tags, fields, rows }) =>
    (rows as Row[]).map(([tagValues, offset, values]) => ({
      measurement,
      tags: Object.fromEntries(tags.map((tag, at) => [tag, tagValues[at] ?? ''])),
      fields: Object.fromEntries(
        fields.flatMap((field, at): [string, FieldValue][] => {
          const value = values[at] ?? null;
          return value === null ? [] : [[field, value]];
        }),
      ),
      timeMs: baseMs + offset,
    })),
  );
}

/** Noise that gzip cannot make smaller; the same at each run. */
function noise(seed: number, bytes: number): string {
  let state = seed + 1;
  const next = (): number => (state = (state * 48_271) % 2_147_483_647);
  return Buffer.from(Array.from({ length: bytes }, () => next() & 0xff)).toString('base64');
}

function errorOf(payload: Buffer): BatchError {
  try {
    decodeBatch(payload);
  } catch (error) {
    if (error instanceof BatchError) return error;
    throw error;
  }
  return expect.unreachable('it was read');
}

describe('a batch', () => {
  it('arrives as it was sent, with its header', () => {
    const samples = [
      sampleOf(1, { average_response_ms: 12.5, result_code: 0 }),
      sampleOf(2, { result_code: 1, up: false, note: 'mất kết nối 🚨' }),
      { measurement: 'mem', tags: {}, fields: { total: 2n ** 62n }, timeMs: NOW - 3 },
    ];
    const { bodies, oversize } = encodeSamples(samples);
    expect(oversize).toEqual([]);
    expect(bodies).toMatchObject([{ points: 3, firstMs: NOW - 3, lastMs: NOW - 1 }]);
    const batch = receive(bodies[0]);
    expect(batch).toMatchObject({ v: 1, ...HEADER, baseMs: NOW - 1 });
    expect(toSamples(batch)).toEqual([
      samples[0],
      samples[1],
      { ...samples[2], fields: { total: '4611686018427387904' } },
    ]);
  });

  it('is two gzip members that a plain gunzip reads as one JSON object', () => {
    const body = encodeSamples([sampleOf(1)]).bodies[0]!.bytes;
    const payload = encodeBatch(HEADER, body);
    expect(payload.subarray(-body.length).equals(body)).toBe(true);
    const json = JSON.parse(gunzipSync(payload).toString('utf8')) as Record<string, unknown>;
    expect(Object.keys(json)).toEqual(['v', ...Object.keys(HEADER), 'baseMs', 'tables']);
  });

  it('is the same bytes each time it is encoded, so that a resend is idempotent', () => {
    const [first, second] = [1, 2].map(() => encodeSamples(manySamples(50)).bodies[0]!.bytes);
    expect(first!.equals(second!)).toBe(true);
  });

  it('carries a declaration of loss', () => {
    const losses = [{ from: 1, to: 2, points: 3, fromMs: 4, toMs: 5, reason: 'queue-full' as const }];
    const batch = decodeBatch(encodeBatch(HEADER, encodeLossBody(losses, NOW)));
    expect(batch).toMatchObject({ baseMs: NOW, tables: [], losses });
  });

  it('leaves out what is not a number, as not available', () => {
    const batch = receive(encodeSamples([sampleOf(1, { a: Number.NaN, b: Infinity, c: 1 })]).bodies[0]);
    expect(toSamples(batch)).toEqual([sampleOf(1, { c: 1 })]);
  });

  it('stays readable when one of its times is invalid', () => {
    const { bodies } = encodeSamples([sampleOf(1), { ...sampleOf(2), timeMs: Number.NaN }]);
    expect(bodies).toMatchObject([{ points: 2, firstMs: NOW - 1, lastMs: NOW - 1 }]);
    expect((receive(bodies[0]).tables[0]!.rows as Row[]).map(([, offset]) => offset)).toEqual([0, null]);
  });

  it('has room for the largest header', () => {
    const fields = (index: number): Sample['fields'] => ({ note: noise(index, 61) });
    const largest = encodeSamples(manySamples(5_000, fields)).bodies.reduce((a, b) =>
      a.bytes.length > b.bytes.length ? a : b,
    );
    const most = Number.MAX_SAFE_INTEGER;
    const header = { epoch: 'z'.repeat(16), seq: most, lowest: most, sentAtMs: most, backfill: false };
    const headerBytes = encodeBatch(header, Buffer.alloc(0)).length;
    expect(headerBytes).toBeLessThan(256);
    expect(largest.bytes.length + headerBytes).toBeLessThanOrEqual(MAX_BATCH_BYTES);
  });
});

describe('samples are split', () => {
  it('at 1,000 points, in their order', () => {
    const samples = manySamples(2_001);
    const { bodies } = encodeSamples(samples);
    expect(bodies.map(({ points }) => points)).toEqual([1_000, 1_000, 1]);
    expect(bodies.flatMap((body) => toSamples(receive(body)))).toEqual(samples);
  });

  it('at 48 KiB as published', () => {
    const samples = manySamples(600, (index) => ({ note: noise(index, 300) }));
    const { bodies, oversize } = encodeSamples(samples);
    expect(oversize).toEqual([]);
    expect(bodies.length).toBeGreaterThan(2);
    expect(bodies.flatMap((body) => toSamples(receive(body)))).toEqual(samples);
  });

  it('where they would inflate to more than central allows', () => {
    const samples = manySamples(MAX_BATCH_POINTS, () => ({ note: 'x'.repeat(1_500) }));
    const { bodies } = encodeSamples(samples);
    expect(bodies).toHaveLength(2);
    expect(bodies.flatMap((body) => toSamples(receive(body)))).toEqual(samples);
  });

  it.each([
    ['tables', (index: number): Sample => ({ ...sampleOf(index), measurement: `m${index}` })],
    ['fields', (index: number): Sample => sampleOf(index, { [`f${index}`]: 1 })],
  ])('where one batch would have too many %s', (_what, make) => {
    const samples = Array.from({ length: 300 }, (_, index) => make(index));
    const { bodies, oversize } = encodeSamples(samples);
    expect(oversize).toEqual([]);
    expect(bodies.length).toBeGreaterThan(2);
    expect(bodies.flatMap((body) => toSamples(receive(body)))).toEqual(samples);
  });

  it.each([
    ['is larger than a batch', sampleOf(2, { note: noise(1, 60_000) })],
    ['would inflate too far', sampleOf(2, { note: 'x'.repeat(MAX_INFLATED_BYTES) })],
    ['has too many fields', sampleOf(2, Object.fromEntries(manySamples(129).map((_, at) => [`f${at}`, 1n])))],
    [
      'has too many tags',
      { ...sampleOf(2), tags: Object.fromEntries(manySamples(17).map((_, at) => [`t${at}`, 'x'])) },
    ],
    ['has a name that is too long', sampleOf(2, { ['x'.repeat(65)]: 1 })],
    ['has a name that is empty', { ...sampleOf(2), measurement: '' }],
  ])('from one that %s, which cannot travel', (_case, bad) => {
    const { bodies, oversize } = encodeSamples([sampleOf(1), bad, sampleOf(3)]);
    expect(oversize).toEqual([{ sample: bad, bytes: expect.any(Number) as number }]);
    expect(bodies.flatMap((body) => toSamples(receive(body)))).toEqual([sampleOf(1), sampleOf(3)]);
  });

  it('into nothing when there are none', () => {
    expect(encodeSamples([])).toEqual({ bodies: [], oversize: [] });
  });
});

describe('what cannot be read', () => {
  const good = encodeBatch(HEADER, encodeSamples(manySamples(20)).bodies[0]!.bytes);
  const json = (value: unknown): Buffer => gzipSync(JSON.stringify(value));
  const NEST = `,"x":"${' '.repeat(64 * 1024)}","y":${'{"a":['.repeat(20)}${']}'.repeat(20)}}`;
  const read = JSON.parse(gunzipSync(good).toString('utf8')) as Record<string, unknown>;

  it.each([
    ['larger than a batch may be', 'oversize', Buffer.alloc(MAX_BATCH_BYTES + 1)],
    ['nothing', 'not-gzip', Buffer.alloc(0)],
    ['rubbish', 'not-gzip', Buffer.from('{"v":1}')],
    ['cut in its body', 'not-gzip', good.subarray(0, -5)],
    ['cut in its header', 'not-gzip', good.subarray(0, 40)],
    ['a bomb', 'inflates-too-far', gzipSync(Buffer.alloc(MAX_INFLATED_BYTES + 1, ' '))],
    ['a header without a body', 'not-json', encodeBatch(HEADER, Buffer.alloc(0))],
    ['a text', 'not-json', gzipSync('Xin chào')],
    ['a list', 'wrong-version', json([])],
    ['null', 'wrong-version', json(null)],
    ['without a version', 'wrong-version', json({ ...read, v: undefined })],
    ['of version 2', 'wrong-version', json({ ...read, v: 2 })],
    [
      'of a version nested 20,000 deep',
      'wrong-version',
      gzipSync(`{"v":${'['.repeat(2e4)}${']'.repeat(2e4)}}`),
    ],
    ['of version "1"', 'wrong-version', json({ ...read, v: '1' })],
    ['with a seq of the wrong type', 'wrong-schema', json({ ...read, seq: '7' })],
    ['nested deep', 'too-deep', gzipSync('['.repeat(MAX_INFLATED_BYTES))],
    ['nested deep within its rows', 'too-deep', gzipSync(JSON.stringify(read).slice(0, -1) + NEST)],
    ['with long lists', 'wrong-schema', gzipSync(`{"v":1,"tables":[${'{},'.repeat(300_000)}{}]}`)],
    ['without tables', 'wrong-schema', json({ ...read, tables: undefined })],
  ])('is named: %s is %s', (_case, code, payload) => {
    expect(errorOf(payload).code).toBe(code);
  });

  it('is explained with what was found and what was expected', () => {
    expect(errorOf(json({ ...read, v: 2 })).message).toBe('protocol version is 2, expected 1');
    expect(errorOf(json({ ...read, seq: '7', epoch: 'x' })).message).toMatch(/^epoch: .+; seq: .+$/);
    const table = { measurement: 'm', tags: [], fields: [], rows: [] };
    const long = { tables: [table, { ...table, tags: Array.from({ length: 17 }, () => 1) }] };
    expect(errorOf(json({ ...read, ...long })).message).toBe('tables.1.tags: more than 16');
    expect(errorOf(Buffer.alloc(50_000)).message).toBe('batch has 50000 bytes, at most 49152 are allowed');
  });

  it('throws nothing but a BatchError, wherever a byte is changed or missing', () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
        const payload = cut ? good.subarray(0, at) : Buffer.from(good);
        if (!cut) payload[at] = byte;
        try {
          decodeBatch(payload);
        } catch (error) {
          expect(error).toBeInstanceOf(BatchError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('any samples', () => {
  const name = fc
    .string({ minLength: 1, maxLength: 12 })
    .filter((text) => !text.includes('\n') && text !== '__proto__');
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.integer(),
    fc.boolean(),
    fc.string(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  );
  const sample = fc.record({
    measurement: name,
    tags: fc.dictionary(name, fc.string(), { maxKeys: 4, noNullPrototype: true }),
    fields: fc.dictionary(name, value, { maxKeys: 6, noNullPrototype: true }),
    timeMs: fc.integer({ min: NOW - 1e9, max: NOW }),
  });
  /** Tables gather samples of one kind, so their order among the others may change. */
  const sorted = (samples: readonly Sample[]): string[] =>
    samples
      .map((one) =>
        JSON.stringify(one, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part)),
      )
      .map((text) => JSON.stringify(JSON.parse(text, sortKeys)))
      .sort();

  it('make the round trip', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 80 }), (samples) => {
        const { bodies, oversize } = encodeSamples(samples);
        expect(oversize).toEqual([]);
        expect(bodies.reduce((points, body) => points + body.points, 0)).toBe(samples.length);
        expect(sorted(bodies.flatMap((body) => toSamples(receive(body))))).toEqual(sorted(samples));
      }),
    );
  });
});

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
