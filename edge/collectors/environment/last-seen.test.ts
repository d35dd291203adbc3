import { describe, expect, it } from 'vitest';
import { MAX_SENSORS, LastSeen } from './last-seen.ts';

const HOUR_MS = 3_600_000;

describe('lastSeen', () => {
  it('is told of a sensor that spoke once, and of one that was announced and never did', () => {
    const lastSeen = new LastSeen(3 * HOUR_MS, ['leak-1'], 0);
    lastSeen.heard('door-1', HOUR_MS);
    expect(lastSeen.complaints(3 * HOUR_MS)).toEqual([]);
    expect(lastSeen.complaints(3 * HOUR_MS + 1)).toEqual([
      'leak-1 is silent for 3 h, at most 3 h are expected',
    ]);
    expect(lastSeen.complaints(5 * HOUR_MS)).toHaveLength(2);
    lastSeen.heard('leak-1', 5 * HOUR_MS);
    lastSeen.heard('door-1', 5 * HOUR_MS);
    expect(lastSeen.complaints(6 * HOUR_MS)).toEqual([]);
  });

  it('is bounded, whoever makes names up', () => {
    const lastSeen = new LastSeen(1_000, ['known'], 0);
    const taken = Array.from({ length: 5_000 }, (_unused, at) => lastSeen.heard(`x${at}`, 0));
    expect(taken.filter(Boolean)).toHaveLength(MAX_SENSORS - 1);
    expect(lastSeen.heard('known', 0)).toBe(true);
  });
});
