import { describe, expect, it } from 'vitest';
import { speedBitsPerS } from './port-speed.ts';

const SATURATED = 0xffff_ffff;

describe('the speed of a port', () => {
  it.each([
    { port: 'of 1 Gbit/s', ifHighSpeed: 1_000, ifSpeed: 1_000_000_000, bps: 1e9 },
    { port: 'of 10 Gbit/s, more than ifSpeed can state', ifHighSpeed: 10_000, ifSpeed: SATURATED, bps: 1e10 },
    { port: 'of 10 Gbit/s whose ifSpeed says 10⁹', ifHighSpeed: 10_000, ifSpeed: 1_000_000_000, bps: 1e10 },
    { port: 'of a bundle of 3.2 Tbit/s', ifHighSpeed: 3_200_000, ifSpeed: SATURATED, bps: 3.2e12 },
    { port: 'of a slow line', ifHighSpeed: 2, ifSpeed: 1_544_000, bps: 1_544_000 },
    { port: 'without ifXTable', ifHighSpeed: undefined, ifSpeed: 100_000_000, bps: 1e8 },
    { port: 'without ifSpeed', ifHighSpeed: 100, ifSpeed: undefined, bps: 1e8 },
    { port: 'with Mbit/s in both', ifHighSpeed: 10, ifSpeed: 10, bps: 1e7 },
    { port: 'with Mbit/s in both', ifHighSpeed: 1_000, ifSpeed: 1_000, bps: 1e9 },
  ])('$port: $ifHighSpeed and $ifSpeed', ({ bps, ...stated }) => {
    expect(speedBitsPerS(stated)).toBe(bps);
  });

  it.each([
    { ifHighSpeed: 100_000_000, ifSpeed: 100_000_000, bps: 1e8 },
    { ifHighSpeed: 1_000_000_000, ifSpeed: 1_000_000_000, bps: 1e9 },
    { ifHighSpeed: 10_000_000, ifSpeed: 10_000_000, bps: 1e7 },
    { ifHighSpeed: 1_000_000_000, ifSpeed: undefined, bps: 1e9 },
    { ifHighSpeed: 2_500_000_000, ifSpeed: SATURATED, bps: 2.5e9 },
  ])('with bit/s in ifHighSpeed: $ifHighSpeed and $ifSpeed', ({ bps, ...stated }) => {
    expect(speedBitsPerS(stated)).toBe(bps);
  });

  it('is not known where nothing is stated, or more than fits', () => {
    expect(speedBitsPerS({ ifHighSpeed: 0, ifSpeed: 0 })).toBeUndefined();
    expect(speedBitsPerS({ ifHighSpeed: undefined, ifSpeed: SATURATED })).toBeUndefined();
    expect(speedBitsPerS({ ifHighSpeed: SATURATED, ifSpeed: SATURATED })).toBeUndefined();
  });
});
