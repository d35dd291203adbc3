import { existsSync, readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { dataTypeName, scalarType, type DataTypeName } from '../../contract/sparkplug/data-types.ts';
import { readValue } from './metric-value.ts';
import { decodePayload, encodeRebirthRequest, PayloadError } from './payload.ts';
import { encode, metric, type MetricValue } from './testing/encode.ts';

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

describe('what the encoder of Eclipse Tahu sends', () => {
  const more = { alias: 300, timestamp: 1_486_144_502_122 };

  it.each<[DataTypeName, MetricValue, string]>([
    ['Int8', -5, '08eaf2f5a8a02b12150a016110ac0218eaf2f5a8a02b200150fbffffff0f1807'],
    ['Int16', -32768, '08eaf2f5a8a02b12150a016110ac0218eaf2f5a8a02b2002508080feff0f1807'],
    ['Int32', -1, '08eaf2f5a8a02b12150a016110ac0218eaf2f5a8a02b200350ffffffff0f1807'],
    ['Int32', 2147483647, '08eaf2f5a8a02b12150a016110ac0218eaf2f5a8a02b200350ffffffff071807'],
    ['Int64', -1, '08eaf2f5a8a02b121a0a016110ac0218eaf2f5a8a02b200458ffffffffffffffffff011807'],
    [
      'Int64',
      9223372036854775807n,
      '08eaf2f5a8a02b12190a016110ac0218eaf2f5a8a02b200458ffffffffffffffff7f1807',
    ],
    ['UInt8', 255, '08eaf2f5a8a02b12120a016110ac0218eaf2f5a8a02b200550ff011807'],
    ['UInt16', 65535, '08eaf2f5a8a02b12130a016110ac0218eaf2f5a8a02b200650ffff031807'],
    ['UInt32', 4294967295, '08eaf2f5a8a02b12150a016110ac0218eaf2f5a8a02b200758ffffffff0f1807'],
    [
      'UInt64',
      18446744073709551615n,
      '08eaf2f5a8a02b121a0a016110ac0218eaf2f5a8a02b200858ffffffffffffffffff011807',
    ],
    ['UInt64', 9007199254740993n, '08eaf2f5a8a02b12180a016110ac0218eaf2f5a8a02b20085881808080808080101807'],
    ['Float', 12.1, '08eaf2f5a8a02b12140a016110ac0218eaf2f5a8a02b2009659a9941411807'],
    ['Double', -1e300, '08eaf2f5a8a02b12180a016110ac0218eaf2f5a8a02b200a699c7500883ce437fe1807'],
    ['Boolean', true, '08eaf2f5a8a02b12110a016110ac0218eaf2f5a8a02b200b70011807'],
    ['Boolean', false, '08eaf2f5a8a02b12110a016110ac0218eaf2f5a8a02b200b70001807'],
    ['String', '', '08eaf2f5a8a02b12110a016110ac0218eaf2f5a8a02b200c7a001807'],
    ['String', 'đường', '08eaf2f5a8a02b121a0a016110ac0218eaf2f5a8a02b200c7a09c491c6b0e1bb9d6e671807'],
    ['DateTime', 1486144502122, '08eaf2f5a8a02b12160a016110ac0218eaf2f5a8a02b200d58eaf2f5a8a02b1807'],
    ['Text', 'a', '08eaf2f5a8a02b12120a016110ac0218eaf2f5a8a02b200e7a01611807'],
    ['UUID', 'b', '08eaf2f5a8a02b12120a016110ac0218eaf2f5a8a02b200f7a01621807'],
  ])('%s %s is read, and written byte for byte', (type, value, hex) => {
    const metrics = [metric('a', type, value, more)];
    expect(encode({ timestamp: more.timestamp, seq: 7, metrics }).toString('hex')).toBe(hex);
    const payload = decodePayload(Buffer.from(hex, 'hex'));
    expect(payload).toMatchObject({ timestampMs: more.timestamp, seq: 7 });
    const [raw] = payload.metrics;
    expect(raw).toMatchObject({ name: 'a', alias: 300n, timestampMs: more.timestamp });
    const scalar = scalarType(raw?.dataType ?? 0);
    expect(scalar?.name).toBe(type);
    if (raw !== undefined && scalar !== undefined) expect(readValue(raw, scalar)).toEqual({ value });
  });

  it('of a metric with properties and metadata is read as far as it matters', () => {
    const hex =
      '08eaf2f5a8a02b12340a01612009280130013801420512017818034a200a07656e67556e69740a075175616c6974791205080c4201561205080318f4031807';
    expect(decodePayload(Buffer.from(hex, 'hex')).metrics).toEqual([
      {
        name: 'a',
        dataType: 9,
        isHistorical: true,
        isTransient: true,
        isNull: true,
        quality: 500,
        present: '',
      },
    ]);
  });

  it('of sets, templates and bytes is skipped, and what follows them is read', () => {
    const hex =
      '080112320a0373657420108a012808021201611201621809180c220c0a051d0000803f0a03320178220c0a051d000000400a0332017912350a0874656d706c61746520139201260a013112150a05696e6e6572201392010912070a0178200350031a080a0170100c4201712801120e0a05627974657320118201026162120a0a046c617374200350031800';
    expect(decodePayload(Buffer.from(hex, 'hex')).metrics).toMatchObject([
      { name: 'set', present: 'DataSet' },
      { name: 'template', present: 'Template' },
      { name: 'bytes', present: 'Bytes' },
      { name: 'last', integer: { value: 3n, bits: 32 } },
    ]);
  });
});

describe('a compressed payload', () => {
  const inner = encode({ timestamp: 5, seq: 7, metrics: [metric('a', 'Int32', 3)] });
  const wrap = (body: Buffer, algorithm?: string, seq?: number): Buffer =>
    encode({
      uuid: 'SPBV1.0_COMPRESSED',
      body,
      seq,
      metrics: algorithm === undefined ? [] : [metric('algorithm', 'String', algorithm)],
    });

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
    ['thousands of metrics', encode({ metrics: Array(5_001).fill({ alias: 1 }) }), 'too-many-metrics'],
    ['a field with the number 0', Buffer.from('020161', 'hex'), 'not-sparkplug'],
    ['a group, which the schema has none of', Buffer.from('7b7c', 'hex'), 'not-sparkplug'],
    ['a metric longer than its payload', Buffer.from('12050a0161', 'hex'), 'not-sparkplug'],
    ['a metric of four gigabytes', Buffer.from('12ffffffff0f', 'hex'), 'not-sparkplug'],
    ['an integer without end', Buffer.alloc(40, 0xff), 'not-sparkplug'],
  ])('is refused by name: %s', (_what, bytes, code) => expect(codeOf(bytes)).toBe(code));

  it('templates in templates without end cost one message and no more', () => {
    let nested = Buffer.from([0x08, 0x01]);
    while (nested.length < 60_000) {
      const varint = lengthOf(nested);
      const template = Buffer.concat([Buffer.from([0x92, 0x01]), varint, nested]);
      nested = Buffer.concat([Buffer.from([0x12]), lengthOf(template), template]);
    }
    expect(codeOf(nested)).toBe('taken');
  });

  it('a payload cut at any byte is refused or is a shorter one, and says where it ends', () => {
    const whole = encode({
      metrics: [metric('a', 'String', 'text', { quality: 192 })],
      seq: 1,
      timestamp: 5,
    });
    const reasons = new Set<string>();
    for (let length = 0; length < whole.length; length++) {
      try {
        decodePayload(whole.subarray(0, length));
      } catch (error) {
        reasons.add(error instanceof PayloadError ? error.message.replace(/\d+/g, 'N') : String(error));
      }
    }
    expect([...reasons]).toEqual([
      'payload is not a Sparkplug B payload: truncated: N bytes are missing after byte N',
    ]);
  });

  it('fields of later versions, and those of another wire type, are skipped', () => {
    const unknown = 'f80601' + 'f906' + '00'.repeat(8) + 'fa06026869' + 'fd0600000000';
    const seqAsText = '1a0137';
    expect(decodePayload(Buffer.from(`${unknown}${seqAsText}1805`, 'hex'))).toEqual({ seq: 5, metrics: [] });
  });

  it('of two values in one metric the last one holds', () => {
    const [raw] = decodePayload(Buffer.from('120550037a0131', 'hex')).metrics;
    expect(raw).toMatchObject({ text: '1', present: 'String' });
    expect(raw?.integer).toBeUndefined();
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
