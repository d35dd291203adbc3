import { describe, expect, it } from 'vitest';
import { axisLabel, axisRange, WHOLE_STEPS } from './axis.ts';

const en = { language: 'en' } as const;
const vi = { language: 'vi' } as const;

describe('the axis of a chart', () => {
  it('leaves room around what it shows, and does not go below nothing for it', () => {
    expect(axisRange([100, 200], 'ms', false)).toEqual([92, 208]);
    expect(axisRange([1, 101], 'ms', false)).toEqual([0, 109]);
  });

  it('shows no share above all of it, but what was measured above it', () => {
    expect(axisRange([50, 100], '%', false)).toEqual([46, 100]);
    expect(axisRange([100, 200], '%', false)).toEqual([92, 208]);
  });

  it('has a whole step for a count, even where there is nothing to count', () => {
    expect(axisRange([0, 0], 'incident', true)).toEqual([0, 1]);
    expect(axisRange([0, 5], 'incident', true)).toEqual([0, 5.4]);
    expect(WHOLE_STEPS.slice(0, 5)).toEqual([1, 2, 5, 10, 20]);
    expect(WHOLE_STEPS.every(Number.isSafeInteger)).toBe(true);
  });

  it('goes from nothing to one while nothing is known', () =>
    expect(axisRange([Number.NaN], 'ms', false)).toEqual([0, 1]));

  it('writes the number alone, and a prefix where the unit takes one', () => {
    expect(axisLabel(vi, 136.8, 'agent')).toBe('136,8');
    expect(axisLabel(en, 0.025, 'ms')).toBe('0.025');
    expect(axisLabel(en, 20, '%')).toBe('20');
    expect(axisLabel(en, 3, '')).toBe('3');
    expect(axisLabel(en, 20_000_000, 'bit/s')).toBe('20 M');
    expect(axisLabel(en, 2_500, 'By')).toBe('2.5 k');
    expect(axisLabel(en, 0, 'bit/s')).toBe('0');
  });
});
