import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { increase, rate, type Bound, type Count } from './rates.ts';

const GIGABIT: Bound = { kind: 'traffic', perSecond: (1.1 * 1e9) / 8 };
const TEN_MEGABIT: Bound = { kind: 'traffic', perSecond: (1.1 * 1e7) / 8 };
const UNKNOWN: Bound = { kind: 'traffic', perSecond: undefined };

const wide = (value: bigint, seconds: number): Count => ({ value, bits: 64, ticks: seconds * 100 });
const narrow = (value: bigint, seconds: number): Count => ({ value, bits: 32, ticks: seconds * 100 });

describe('how much a counter grew', () => {
  it('goes by the time of the device', () => {
    const grown = increase(wide(1_000n, 100), wide(7_501_000n, 160), GIGABIT);
    expect(grown).toEqual({ by: 7_500_000n, seconds: 60 });
    expect(grown && rate(grown)).toBe(125_000);
  });

  it('stays exact beyond 2^53', () => {
    const before = 2n ** 63n + 1n;
    expect(increase(wide(before, 0), wide(before + 3n, 60), GIGABIT)?.by).toBe(3n);
  });

  it('is unknown when the device restarted or its clock stands still', () => {
    expect(increase(wide(5n, 1_000), wide(9n, 20), GIGABIT)).toBeUndefined();
    expect(increase(wide(5n, 1_000), wide(9n, 1_000), GIGABIT)).toBeUndefined();
  });

  it('goes on over the wrap of the device’s clock after 497 days', () => {
    const wrapS = 2 ** 32 / 100;
    expect(increase(wide(5n, wrapS - 20), wide(6_005n, 40), GIGABIT)).toEqual({ by: 6_000n, seconds: 60 });
  });

  it('takes a wrap for what it is, at 32 and at 64 bits', () => {
    expect(increase(narrow(2n ** 32n - 10n, 0), narrow(90n, 60), TEN_MEGABIT)?.by).toBe(100n);
    expect(increase(wide(2n ** 64n - 10n, 0), wide(90n, 60), GIGABIT)?.by).toBe(100n);
  });

  it('does not take a reset for a wrap', () => {
    expect(increase(narrow(1_000_000_000n, 0), narrow(90n, 60), TEN_MEGABIT)).toBeUndefined();
    expect(increase(wide(10n ** 12n, 0), wide(90n, 60), GIGABIT)).toBeUndefined();
    expect(increase(wide(10n ** 12n, 0), wide(90n, 60), UNKNOWN)).toBeUndefined();
  });

  it('refuses more than 1.1 times the speed of the line', () => {
    expect(increase(wide(0n, 0), wide(8_250_000_000n, 60), GIGABIT)?.by).toBe(8_250_000_000n);
    expect(increase(wide(0n, 0), wide(8_250_000_001n, 60), GIGABIT)).toBeUndefined();
  });

  it('trusts 32 bits only where the line is too slow to wrap them unseen', () => {
    expect(increase(narrow(0n, 0), narrow(1_000n, 60), TEN_MEGABIT)?.by).toBe(1_000n);
    expect(increase(narrow(0n, 0), narrow(1_000n, 60), GIGABIT)).toBeUndefined();
    expect(increase(narrow(0n, 0), narrow(1_000n, 60), UNKNOWN)).toBeUndefined();
    const hundredMegabit: Bound = { kind: 'traffic', perSecond: (1.1 * 1e8) / 8 };
    expect(increase(narrow(0n, 0), narrow(1_000n, 60), hundredMegabit)?.by).toBe(1_000n);
    expect(increase(narrow(0n, 0), narrow(1_000n, 600), hundredMegabit)).toBeUndefined();
  });

  it('counts faults also where the speed is not known or high, as long as they do not shrink', () => {
    const fast: Bound = { kind: 'faults', perSecond: 1e11 / 512 };
    expect(increase(narrow(7n, 0), narrow(9n, 60), fast)?.by).toBe(2n);
    expect(increase(narrow(9n, 0), narrow(7n, 60), fast)).toBeUndefined();
    expect(increase(narrow(7n, 0), narrow(9n, 60), { kind: 'faults', perSecond: undefined })?.by).toBe(2n);
  });

  it('starts again when a counter becomes a wider one', () => {
    expect(increase(narrow(5n, 0), wide(9n, 60), GIGABIT)).toBeUndefined();
  });

  it('is never negative and never above what the line carries, whatever comes', () => {
    const count = fc.record({
      value: fc.bigInt(0n, 2n ** 64n - 1n),
      bits: fc.constantFrom(32 as const, 64 as const),
      ticks: fc.nat(2 ** 32 - 1),
    });
    const bound = fc.record({
      kind: fc.constantFrom('traffic' as const, 'faults' as const),
      perSecond: fc.option(fc.integer({ min: 1, max: 1e11 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(count, count, bound, (before, now, limit) => {
        const grown = increase(before, now, limit);
        if (grown === undefined) return;
        expect(grown.by).toBeGreaterThanOrEqual(0n);
        expect(grown.seconds).toBeGreaterThan(0);
        if (limit.perSecond !== undefined) {
          expect(rate(grown)).toBeLessThanOrEqual(limit.perSecond * (1 + 1e-9) + 1 / grown.seconds);
        }
      }),
    );
  });
});
