import { describe, expect, it } from 'vitest';
import { cityCompleteness } from './city-completeness.ts';

const WHOLE = { stored: 8_640, lost: 0 };

describe('the completeness of the city', () => {
  it('is the mean of its agents: each counts alike', () => {
    const agents = [
      ['gw-1', { stored: 1_000_000, lost: 0 }],
      ['gw-2', { stored: 50, lost: 50 }],
    ] as const;
    expect(cityCompleteness(agents)).toEqual({ ratio: 0.75, implausible: [] });
  });

  it('is unknown before the first batch', () => {
    expect(cityCompleteness([]).ratio).toBeUndefined();
    expect(cityCompleteness([['gw-1', { stored: 0, lost: 0 }]]).ratio).toBeUndefined();
  });

  it.each([
    ['a day lost before the first contact', { stored: 1, lost: 8_640 }, true],
    ['a month of work and ten months without a connection', { stored: 260_000, lost: 2_600_000 }, true],
    ['a number that cannot be', { stored: 1, lost: 9_999_999_999 }, false],
    ['twice what the limits allow', { stored: 10_000, lost: 200_000 }, false],
  ])('counts %s: %o %s', (_what, counts, isPlausible) => {
    const { ratio, implausible } = cityCompleteness([
      ['gw-1', WHOLE],
      ['gw-2', counts],
    ]);
    expect(implausible).toEqual(isPlausible ? [] : [{ agent: 'gw-2', ...counts }]);
    const own = counts.stored / (counts.stored + counts.lost);
    expect(ratio).toBe(isPlausible ? (1 + own) / 2 : 1);
  });

  it('is moved by one agent by no more than its part of the city, whatever it says', () => {
    const others = Array.from({ length: 999 }, (_, index) => [`gw-${index}`, WHOLE] as const);
    const { ratio } = cityCompleteness([...others, ['bad', { stored: 0, lost: 10_000 }]]);
    expect(ratio).toBe(0.999);
  });
});
