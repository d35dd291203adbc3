import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistanceWithin } from './edit-distance.ts';

/** By its definition. */
function slowDistance(from: string, to: string): number {
  if (from === '' || to === '') return Math.max(from.length, to.length);
  const [a, b] = [from.slice(1), to.slice(1)];
  if (from[0] === to[0]) return slowDistance(a, b);
  const others = [slowDistance(a, to), slowDistance(from, b), slowDistance(a, b)];
  if (from[0] === to[1] && from[1] === to[0]) others.push(slowDistance(a.slice(1), b.slice(1)));
  return 1 + Math.min(...others);
}

describe('the edit distance within a limit', () => {
  it.each([
    ['gw-26737-01', 'gw-26737-01', 0],
    ['gw-26737-01', 'gw-26737-10', 1],
    ['gw-26737-01', 'gw-26373-01', 2],
    ['gw-2673-01', 'gw-26737-01', 1],
    ['26737', 'gw-26737', 3],
    ['', 'abc', 3],
  ])('from %j to %j is %i', (from, to, distance) => {
    expect(editDistanceWithin(from, to, 3)).toBe(distance);
    expect(editDistanceWithin(to, from, 3)).toBe(distance);
  });

  it('is undefined beyond the limit', () => {
    expect(editDistanceWithin('abcd', 'wxyz', 3)).toBeUndefined();
    expect(editDistanceWithin('x'.repeat(100_000), 'central', 3)).toBeUndefined();
  });

  it('is that of the definition', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 7 });
    fc.assert(
      fc.property(word, word, fc.nat(8), (from, to, limit) => {
        const distance = slowDistance(from, to);
        expect(editDistanceWithin(from, to, limit)).toBe(distance <= limit ? distance : undefined);
      }),
    );
  });
});
