import { describe, expect, it } from 'vitest';
import { MAX_SENSORS, LastSeen } from './last-seen.ts';

const HOUR_MS = 3_600_000;

describe('a sensor that sends nothing', () => {
  it('is overdue, whether it has sent before or was only expected', () => {
    const lastSeen = new LastSeen(3 * HOUR_MS, ['leak-1'], 0);
    lastSeen.record('door-1', HOUR_MS);
    expect(lastSeen.overdue(3 * HOUR_MS)).toEqual([]);
    expect(lastSeen.overdue(3 * HOUR_MS + 1)).toEqual(['leak-1 is silent for 3 h, at most 3 h are expected']);
    expect(lastSeen.overdue(5 * HOUR_MS)).toHaveLength(2);
    lastSeen.record('leak-1', 5 * HOUR_MS);
    lastSeen.record('door-1', 5 * HOUR_MS);
    expect(lastSeen.overdue(6 * HOUR_MS)).toEqual([]);
  });

  it('is one of a bounded number, even when a sender invents names', () => {
    const lastSeen = new LastSeen(1_000, ['known'], 0);
    const taken = Array.from({ length: 5_000 }, (_unused, at) => lastSeen.record(`x${at}`, 0));
    expect(taken.filter(Boolean)).toHaveLength(MAX_SENSORS - 1);
    expect(lastSeen.record('known', 0)).toBe(true);
  });
});

describe('old news', () => {
  it('is no sign of life, and takes none away', () => {
    const lastSeen = new LastSeen(3 * HOUR_MS, ['leak-1'], 0);
    lastSeen.record('leak-1', -100 * HOUR_MS);
    lastSeen.record('leak-2', -100 * HOUR_MS);
    expect(lastSeen.overdue(2 * HOUR_MS)).toEqual([expect.stringMatching(/^leak-2 is silent for/)]);
  });
});
