import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from './byte-writer.ts';

function written(write: (writer: ByteWriter) => void): string {
  const writer = new ByteWriter(4);
  write(writer);
  return writer.copy().toString();
}

describe('a byte writer', () => {
  it.each([
    0,
    -0,
    7,
    -7,
    10,
    99,
    100,
    -1_000,
    2_147_483_647,
    -2_147_483_648,
    2_147_483_648,
    1e21,
    1e-7,
    0.1 + 0.2,
    12.5,
    -0.5,
    0.001,
    -0.05,
    99.999,
    2_147_483.648,
    -2_147_483.6,
  ])('writes %s as String does', (value) => {
    expect(written((writer) => writer.number(value))).toBe(String(value));
  });

  it('writes every number as String does', () => {
    const decimals = fc.tuple(
      fc.integer({ min: -5_000_000, max: 5_000_000 }),
      fc.constantFrom(10, 100, 1_000, 10_000),
    );
    const measured = decimals.map(([value, divisor]) => value / divisor);
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger(), measured), (value) => {
        expect(written((writer) => writer.number(value))).toBe(String(value));
      }),
      { numRuns: 5_000 },
    );
  });

  it('writes any text as UTF-8, and grows', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
        const write = (writer: ByteWriter): void => {
          for (const text of texts) writer.text(text);
        };
        expect(written(write)).toBe(texts.join(''));
      }),
    );
  });

  it('can take back what it wrote, and start again', () => {
    const writer = new ByteWriter(1);
    writer.text('keep');
    const { length } = writer;
    writer.text(' not this');
    writer.cutTo(length);
    writer.byte(0x21);
    writer.bytes(Buffer.from('?'));
    const first = writer.copy();
    writer.clear();
    writer.text('other');
    expect([first.toString(), writer.copy().toString()]).toEqual(['keep!?', 'other']);
  });
});
