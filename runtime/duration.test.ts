import { describe, expect, it } from 'vitest';
import { describeDuration, durationSchema, parseDurationMs } from './duration.ts';

describe('durations', () => {
  it.each([
    [0, '0s'],
    [10_000, '10s'],
    [90_000, '90s'],
    [900_000, '15m'],
    [3_600_000, '1h'],
    [604_800_000, '7d'],
  ])('%d ms is the setting %s', (durationMs, setting) => {
    expect(durationSchema.parse(setting)).toBe(durationMs);
  });

  it.each([
    [-5_000, '0 s'],
    [119_400, '119 s'],
    [119_600, '2 min'],
    [7_199_000, '120 min'],
    [7_200_000, '2 h'],
    [71 * 3_600_000, '71 h'],
    [9 * 86_400_000, '9 d'],
  ])('%d ms is %s in running text', (durationMs, expected) => {
    expect(describeDuration(durationMs)).toBe(expected);
  });

  it('are read with a unit only', () => {
    expect(['500ms', '30s', '2m', '1h', '7d'].map(parseDurationMs)).toEqual([
      500, 30_000, 120_000, 3_600_000, 604_800_000,
    ]);
    expect(['', '5', 'm', '-5s', '1.5h', '1 h', '5y'].map(parseDurationMs)).toEqual(Array(7).fill(undefined));
  });
});
