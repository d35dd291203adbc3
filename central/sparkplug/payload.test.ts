import { existsSync, readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import protobuf from 'sparkplug-payload/lib/sparkplugPayloadProto.js';
import { describe, expect, it } from 'vitest';
import { dataTypeName, scalarType } from './data-types.ts';
import { readValue } from './metric-value.ts';
import { decodePayload, encodeRebirthRequest, PayloadError } from './payload.ts';
import { encode, metric } from './testing/encode.ts';

const { Payload } = protobuf.org.eclipse.tahu.protobuf;

function codeOf(bytes: Buffer): string {
  try {
    decodePayload(bytes);
    return 'taken';
  } catch (error) {
    return error instanceof PayloadError ? error.code : `not a PayloadError: ${String(error)}`;
  }
}

interface Example {
  readonly topic: string;
  readonly payloadBase64: string;
  readonly json: {
    readonly timestamp: number;
    readonly seq?: number;
    readonly metrics: readonly {
      readonly name: string;
      readonly timestamp: number;
      readonly dataType: string;
      readonly value: unknown;
    }[];
  };
}
const file = new URL('../../../shared/data/ingest/sparkplug-b.json', import.meta.url);
const examples = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Example[]) : [];

describe("the specification's own messages (chapter 6)", () => {
  it.skipIf(examples.length === 0)('are all there (needs ../shared/data)', () =>
    expect(examples).toHaveLength(6),
  );

  it.each(examples)('$topic means what its JSON says', ({ payloadBase64, json }) => {
    const { timestampMs, seq, metrics } = decodePayload(Buffer.from(payloadBase64, 'base64'));
    const meaning = metrics.map((raw) => {
      const type = scalarType(raw.dataType ?? 0);
      const value = type === undefined ? undefined : readValue(raw, type).value;
      return { name: raw.name, timestamp: raw.timestampMs, dataType: dataTypeName(raw.dataType ?? 0), value };
    });
    expect({ timestamp: timestampMs, metrics: meaning, ...(seq !== undefined && { seq }) }).toEqual(json);
  });
});

describe('a compressed payload', () => {
  const inner = encode({ timestamp: 5, seq: 7, metrics: [metric('a', 'Int32', 3)] });
  const wrap = (body: Buffer, algorithm?: string, seq?: number): Buffer =>
    Buffer.from(
      Payload.encode({
        uuid: 'SPBV1.0_COMPRESSED',
        body,
        ...(seq !== undefined && { seq }),
        metrics: algorithm === undefined ? [] : [{ name: 'algorithm', datatype: 12, stringValue: algorithm }],
      }).finish(),
    );

  it.each([
    ['DEFLATE', wrap(deflateSync(inner), 'DEFLATE')],
    ['GZIP', wrap(gzipSync(inner), 'GZIP')],
    ['no algorithm named', wrap(deflateSync(inner))],
  ])('is read: %s', (_what, bytes) => expect(decodePayload(bytes)).toEqual(decodePayload(inner)));

  it('may have its sequence number outside', () => {
    const bare = encode({ timestamp: 5, metrics: [metric('a', 'Int32', 3)] });
    expect(decodePayload(wrap(gzipSync(bare), 'GZIP', 9)).seq).toBe(9);
  });

  it.each([
    ['a bomb', wrap(gzipSync(Buffer.alloc(32 * 1024 * 1024)), 'GZIP'), 'inflates-too-far'],
    ['a truncated body', wrap(gzipSync(inner).subarray(0, -4), 'GZIP'), 'bad-compression'],
    ['another algorithm', wrap(inner, 'ZSTD'), 'bad-compression'],
    ['rubbish inside', wrap(gzipSync('this is not protobuf'), 'GZIP'), 'not-sparkplug'],
    ['nothing inside', wrap(Buffer.alloc(0)), 'bad-compression'],
  ])('is refused by name: %s', (_what, bytes, code) => expect(codeOf(bytes)).toBe(code));
});

describe('what is no payload', () => {
  it.each([
    ['too many bytes', Buffer.alloc(65 * 1024), 'oversize'],
    ['text', Buffer.from('{"temperature": 21.5}'), 'not-sparkplug'],
    [
      'a payload cut short',
      encode({ timestamp: 1, metrics: [metric('a', 'Double', 1)] }).subarray(0, -3),
      'not-sparkplug',
    ],
    ['a sequence number beyond 255', encode({ timestamp: 1, seq: 256, metrics: [] }), 'bad-seq'],
    [
      'thousands of metrics',
      Buffer.from(Payload.encode({ metrics: Array.from({ length: 5_001 }, () => ({ alias: 1 })) }).finish()),
      'too-many-metrics',
    ],
  ])('is refused by name: %s', (_what, bytes, code) => expect(codeOf(bytes)).toBe(code));

  it('templates in templates without end cost one message and no more', () => {
    let nested = Buffer.from([0x08, 0x01]);
    while (nested.length < 60_000) {
      const varint = lengthOf(nested);
      const template = Buffer.concat([Buffer.from([0x92, 0x01]), varint, nested]);
      nested = Buffer.concat([Buffer.from([0x12]), lengthOf(template), template]);
    }
    expect(['taken', 'not-sparkplug']).toContain(codeOf(nested));
  });

  it('random bytes never do more than be refused', () => {
    for (let length = 0; length < 400; length++) {
      const code = codeOf(randomBytes(length));
      expect(code, String(length)).not.toMatch(/not a PayloadError/);
    }
  });
});

it('a rebirth request is an NCMD without a sequence number', () => {
  const { seq, metrics } = decodePayload(encodeRebirthRequest(1_000));
  expect(seq).toBeUndefined();
  expect(metrics).toMatchObject([
    { name: 'Node Control/Rebirth', dataType: 11, boolean: true, timestampMs: 1_000 },
  ]);
});

function lengthOf(bytes: Buffer): Buffer {
  const varint: number[] = [];
  for (let rest = bytes.length; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...varint, rest]);
    varint.push((rest & 0x7f) | 0x80);
  }
}
