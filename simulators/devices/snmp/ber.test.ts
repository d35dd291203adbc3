import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BerError, integerBytes, oidBytes, readElements, readInteger, readOid, tlv } from './ber.ts';
import { parseRequest } from './message.ts';

it('writes signed integers in as few bytes as possible', () => {
  const hex = (value: bigint) => integerBytes(value).toString('hex');
  expect([0n, 127n, 128n, 256n, -1n, -128n, -129n].map(hex)).toEqual([
    '00',
    '7f',
    '0080',
    '0100',
    'ff',
    '80',
    'ff7f',
  ]);
  expect(hex(2n ** 64n - 1n)).toBe('00ffffffffffffffff');
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), (value) => {
      expect(readInteger(integerBytes(BigInt(value)))).toBe(value);
    }),
  );
});

it('writes and reads OIDs', () => {
  const arcs = fc.array(fc.nat(2 ** 32 - 1), { maxLength: 20 });
  fc.assert(
    fc.property(arcs, (rest) => {
      expect(readOid(oidBytes([1, 3, ...rest]))).toEqual([1, 3, ...rest]);
    }),
  );
});

it('writes and reads elements of any length', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 65_535 }), (content) => {
      expect(readElements(tlv(4, Buffer.from(content)))).toEqual([{ tag: 4, content: Buffer.from(content) }]);
    }),
    { numRuns: 20 },
  );
});

it('refuses garbage with a BerError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      expect(() => parseRequest(Buffer.from(bytes))).toThrow(BerError);
    }),
  );
});
