import protobuf from 'sparkplug-payload/lib/sparkplugPayloadProto.js';
import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../contract/sample.ts';
import { scalarType } from './data-types.ts';
import { readValue } from './metric-value.ts';
import { decodePayload } from './payload.ts';

const { Payload } = protobuf.org.eclipse.tahu.protobuf;
const TYPES = {
  Int8: 1,
  Int16: 2,
  Int32: 3,
  Int64: 4,
  UInt8: 5,
  UInt16: 6,
  UInt32: 7,
  UInt64: 8,
  Float: 9,
  Double: 10,
  Boolean: 11,
  String: 12,
  DateTime: 13,
  UUID: 15,
} as const;

function read(type: keyof typeof TYPES, wire: object): FieldValue | string {
  const bytes = Buffer.from(
    Payload.encode({ metrics: [{ name: 'a', datatype: TYPES[type], ...wire }] }).finish(),
  );
  const [raw] = decodePayload(bytes).metrics;
  const scalar = scalarType(TYPES[type]);
  if (raw === undefined || scalar === undefined) throw new Error('no metric');
  const result = readValue(raw, scalar);
  return result.value ?? `refused: ${'reason' in result ? result.reason : ''}`;
}
/** A uint64 as the library's encoder takes it. */
const long = (text: string): object => {
  const value = BigInt(text);
  return {
    low: Number(BigInt.asIntN(32, value)),
    high: Number(BigInt.asIntN(32, value >> 32n)),
    unsigned: true,
  };
};

describe('an integer', () => {
  it.each<[keyof typeof TYPES, object, FieldValue]>([
    ['Int8', { intValue: -5 >>> 0 }, -5],
    ['Int8', { intValue: 251 }, -5],
    ['Int8', { longValue: long('18446744073709551611') }, -5],
    ['Int16', { intValue: 65_535 }, -1],
    ['Int32', { intValue: 4_294_967_295 }, -1],
    ['Int32', { longValue: long('4294967295') }, -1],
    ['Int32', { intValue: 2_147_483_647 }, 2_147_483_647],
    ['Int64', { longValue: long('18446744073709551615') }, -1],
    ['Int64', { longValue: long('9223372036854775807') }, 9_223_372_036_854_775_807n],
    ['Int64', { longValue: long('9223372036854775808') }, -9_223_372_036_854_775_808n],
    ['UInt8', { intValue: 255 }, 255],
    ['UInt32', { intValue: 4_294_967_295 }, 4_294_967_295],
    ['UInt32', { longValue: long('4294967295') }, 4_294_967_295],
    ['UInt64', { longValue: long('18446744073709551615') }, 18_446_744_073_709_551_615n],
    ['UInt64', { longValue: long('9007199254740991') }, 9_007_199_254_740_991],
    ['UInt64', { longValue: long('9007199254740993') }, 9_007_199_254_740_993n],
    ['DateTime', { longValue: long('1486144502122') }, 1_486_144_502_122],
  ])('%s %j is %s, whichever field and width the encoder chose', (type, wire, value) => {
    expect(read(type, wire)).toBe(value);
  });

  it.each<[keyof typeof TYPES, object]>([
    ['Int8', { intValue: 300 }],
    ['Int16', { intValue: 70_000 }],
    ['UInt8', { intValue: 256 }],
    ['UInt16', { intValue: -1 >>> 0 }],
    ['UInt32', { longValue: long('4294967296') }],
  ])('%s %j does not fit', (type, wire) =>
    expect(read(type, wire)).toMatch(new RegExp(`does not fit ${type}`)),
  );
});

describe('another value', () => {
  it.each<[keyof typeof TYPES, object, FieldValue]>([
    ['Float', { floatValue: 12.1 }, 12.1],
    ['Float', { floatValue: 1e-30 }, 1e-30],
    ['Float', { floatValue: Math.fround(1 / 3) }, 0.33333334],
    ['Float', { doubleValue: 0.1 }, 0.1],
    ['Double', { doubleValue: 12.100000381469727 }, 12.100000381469727],
    ['Double', { floatValue: 0.5 }, 0.5],
    ['Boolean', { booleanValue: false }, false],
    ['String', { stringValue: '' }, ''],
    ['UUID', { stringValue: 'a-b' }, 'a-b'],
    ['String', { stringValue: 'đ'.repeat(512) }, 'đ'.repeat(512)],
  ])('%s %j is %s', (type, wire, value) => expect(read(type, wire)).toBe(value));

  it.each<[keyof typeof TYPES, object, RegExp]>([
    ['Float', {}, /has no value, expected Float/],
    ['Float', { stringValue: '12.1' }, /kind String, expected Float/],
    ['Boolean', { intValue: 1 }, /kind integer of 32 bits, expected Boolean/],
    ['String', { bytesValue: Buffer.from('a') }, /kind Bytes, expected String/],
    ['String', { stringValue: 'đ'.repeat(513) }, /has 1026 bytes, expected at most 1024/],
  ])('%s %j is refused by name', (type, wire, reason) => expect(read(type, wire)).toMatch(reason));
});
