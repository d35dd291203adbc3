import { describe, expect, it } from 'vitest';
import { isHollow } from './heap.ts';

const MIB = 2 ** 20;

describe('the old generation of the heap', () => {
  it.each([
    ['just collected at city load', 110, 85, false],
    ['small', 60, 30, false],
    ['after an hour of mutated messages', 169, 89, true],
    ['full', 169, 169, false],
  ])('%s: %i MiB of which %i are in use', (_what, sizeMiB, usedMiB, expected) => {
    expect(isHollow(sizeMiB * MIB, usedMiB * MIB)).toBe(expected);
  });
});
