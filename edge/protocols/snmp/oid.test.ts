import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareOids, indexBelow, isAtOrBelow } from './oid.ts';

const arcs = fc.array(fc.nat(2_000_000_000), { minLength: 1, maxLength: 8 });

function byNumbers(a: readonly number[], b: readonly number[]): number {
  for (const [at, arc] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    if (arc !== other) return Math.sign(arc - other);
  }
  return a.length < b.length ? -1 : 0;
}

it('orders OIDs by their numbers, not their digits', () => {
  expect(compareOids('1.3.6.1.9', '1.3.6.1.10')).toBeLessThan(0);
  expect(compareOids('1.3.6.1', '1.3.6.1.1')).toBeLessThan(0);
  fc.assert(
    fc.property(arcs, arcs, (a, b) => {
      expect(Math.sign(compareOids(a.join('.'), b.join('.')))).toBe(byNumbers(a, b));
    }),
  );
});

it('tells what stands below a column, and does not mistake column 10 for column 1', () => {
  expect(indexBelow('1.3.6.1', '1.3.6.1.5.7')).toBe('5.7');
  expect(indexBelow('1.3.6.1', '1.3.6.10.5')).toBeUndefined();
  expect(indexBelow('1.3.6.1', '1.3.6.1')).toBeUndefined();
  expect(isAtOrBelow('1.3.6.1', '1.3.6.1')).toBe(true);
});
