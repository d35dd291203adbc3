import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytesTag,
  doubleTag,
  floatTag,
  ProtobufError,
  ProtobufReader,
  ProtobufWriter,
  varintTag,
} from './protobuf.ts';

const INTEGER = varintTag(1);
const DOUBLE = doubleTag(2);
const BYTES = bytesTag(3_000);
const FLOAT = floatTag(4);

describe('a message', () => {
  it('has after reading what was written', () => {
    const message = fc.record({
      integer: fc.bigInt(0n, 2n ** 64n - 1n),
      double: fc.double(),
      float: fc.float(),
      bytes: fc.uint8Array({ maxLength: 300 }),
    });
    fc.assert(
      fc.property(message, ({ integer, double, float, bytes }) => {
        const encoded = new ProtobufWriter()
          .varint(INTEGER, integer)
          .double(DOUBLE, double)
          .bytes(BYTES, bytes)
          .float(FLOAT, float)
          .finish();
        const reader = new ProtobufReader(encoded);
        expect([reader.next(), reader.uint64()]).toEqual([INTEGER, integer]);
        expect([reader.next(), reader.double()]).toEqual([DOUBLE, double]);
        expect([reader.next(), [...reader.bytes()]]).toEqual([BYTES, [...bytes]]);
        expect([reader.next(), reader.float()]).toEqual([FLOAT, float]);
        expect(reader.next()).toBeUndefined();
      }),
    );
  });

  it('can be skipped field by field', () => {
    const encoded = new ProtobufWriter()
      .varint(INTEGER, -1n)
      .double(DOUBLE, 1)
      .float(FLOAT, 1)
      .bytes(BYTES, 'text')
      .finish();
    const reader = new ProtobufReader(encoded);
    const tags: number[] = [];
    for (let tag = reader.next(); tag !== undefined; tag = reader.next()) {
      tags.push(tag);
      reader.skip(tag);
    }
    expect(tags).toEqual([INTEGER, DOUBLE, FLOAT, BYTES]);
  });

  it('of any bytes ends or is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const reader = new ProtobufReader(Buffer.from(bytes));
        try {
          for (let tag = reader.next(); tag !== undefined; tag = reader.next()) reader.skip(tag);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtobufError);
        }
      }),
    );
  });
});

it.each([
  ['ffffffffffffffffff01', 2n ** 64n - 1n, 2 ** 32 - 1],
  ['ffffffff0f', 2n ** 32n - 1n, 2 ** 32 - 1],
  ['8080808010', 2n ** 32n, 0],
  ['fbffffffffffffffff01', 2n ** 64n - 5n, 2 ** 32 - 5],
  ['8000', 0n, 0],
])('varint %s', (hex, uint64, uint32) => {
  const read = (): ProtobufReader => new ProtobufReader(Buffer.from(hex, 'hex'));
  expect(read().uint64()).toBe(uint64);
  expect(read().uint32()).toBe(uint32);
  expect(read().boolean()).toBe(uint64 !== 0n);
});
