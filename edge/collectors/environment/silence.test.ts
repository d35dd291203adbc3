import { describe, expect, it } from 'vitest';
import { MAX_SENSORS, Silence } from './silence.ts';

const HOUR_MS = 3_600_000;

describe('silence', () => {
  it('is told of a sensor that spoke once, and of one that was announced and never did', () => {
    const silence = new Silence(3 * HOUR_MS, ['leak-1'], 0);
    silence.heard('door-1', HOUR_MS);
    expect(silence.complaints(3 * HOUR_MS)).toEqual([]);
    expect(silence.complaints(3 * HOUR_MS + 1)).toEqual([
      'leak-1 is silent for 3 h, at most 3 h are expected',
    ]);
    expect(silence.complaints(5 * HOUR_MS)).toHaveLength(2);
    silence.heard('leak-1', 5 * HOUR_MS);
    silence.heard('door-1', 5 * HOUR_MS);
    expect(silence.complaints(6 * HOUR_MS)).toEqual([]);
  });

  it('is bounded, whoever makes names up', () => {
    const silence = new Silence(1_000, ['known'], 0);
    const taken = Array.from({ length: 5_000 }, (_unused, at) => silence.heard(`x${at}`, 0));
    expect(taken.filter(Boolean)).toHaveLength(MAX_SENSORS - 1);
    expect(silence.heard('known', 0)).toBe(true);
  });
});
