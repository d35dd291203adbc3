import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../contract/sample.ts';
import { dataTypeNumber, scalarType, type ScalarType } from '../../contract/sparkplug/data-types.ts';
import type { MetricFields } from '../../contract/sparkplug/encode-payload.ts';
import { readValue } from './metric-value.ts';
import { decodePayload } from './payload.ts';
import { encode } from './testing/encode.ts';

function read(type: ScalarType['name'], wire: MetricFields): FieldValue | string {
  const datatype = dataTypeNumber(type);
  const [raw] = decodePayload(encode({ metrics: [{ name: 'a', datatype, ...wire }] })).metrics;
  const scalar = scalarType(datatype);
  if (raw === undefined || scalar === undefined) throw new Error('no metric');
  const result = readValue(raw, scalar);
  return result.value ?? `refused: ${'reason' in result ? result.reason : ''}`;
}
describe('an integer', () => {
  it.each<[ScalarType['name'], MetricFields, FieldValue]>([
    ['Int8', { intValue: -5 >>> 0 }, -5],
    ['Int8', { intValue: 251 }, -5],
    ['Int8', { longValue: 18_446_744_073_709_551_611n }, -5],
    ['Int16', { intValue: 65_535 }, -1],
    ['Int32', { intValue: 4_294_967_295 }, -1],
    ['Int32', { longValue: 4_294_967_295n }, -1],
    ['Int32', { intValue: 2_147_483_647 }, 2_147_483_647],
    ['Int64', { longValue: 18_446_744_073_709_551_615n }, -1],
    ['Int64', { longValue: 9_223_372_036_854_775_807n }, 9_223_372_036_854_775_807n],
    ['Int64', { longValue: 9_223_372_036_854_775_808n }, -9_223_372_036_854_775_808n],
    ['UInt8', { intValue: 255 }, 255],
    ['UInt32', { intValue: 4_294_967_295 }, 4_294_967_295],
    ['UInt32', { longValue: 4_294_967_295n }, 4_294_967_295],
    ['UInt64', { longValue: 18_446_744_073_709_551_615n }, 18_446_744_073_709_551_615n],
    ['UInt64', { longValue: 9_007_199_254_740_991n }, 9_007_199_254_740_991],
    ['UInt64', { longValue: 9_007_199_254_740_993n }, 9_007_199_254_740_993n],
    ['DateTime', { longValue: 1_486_144_502_122n }, 1_486_144_502_122],
  ])('%s %o is %s, whichever field and width the encoder chose', (type, wire, value) => {
    expect(read(type, wire)).toBe(value);
  });

  it.each<[ScalarType['name'], MetricFields]>([
    ['Int8', { intValue: 300 }],
    ['Int16', { intValue: 70_000 }],
    ['UInt8', { intValue: 256 }],
    ['UInt16', { intValue: -1 >>> 0 }],
    ['UInt32', { longValue: 4_294_967_296n }],
  ])('%s %o does not fit', (type, wire) =>
    expect(read(type, wire)).toMatch(new RegExp(`does not fit ${type}`)),
  );
});

describe('another value', () => {
  it.each<[ScalarType['name'], MetricFields, FieldValue]>([
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
  ])('%s %o is %s', (type, wire, value) => expect(read(type, wire)).toBe(value));

  it.each<[ScalarType['name'], MetricFields, RegExp]>([
    ['Float', {}, /has no value, expected Float/],
    ['Float', { stringValue: '12.1' }, /kind String, expected Float/],
    ['Boolean', { intValue: 1 }, /kind integer of 32 bits, expected Boolean/],
    ['String', { bytesValue: Buffer.from('a') }, /kind Bytes, expected String/],
    ['String', { stringValue: 'đ'.repeat(513) }, /has 1026 bytes, expected at most 1024/],
  ])('%s %o is refused by name', (type, wire, reason) => expect(read(type, wire)).toMatch(reason));
});
