import { describe, expect, it } from 'vitest';
import { DailyValues } from './daily-values.ts';

describe('one value a day', () => {
  it('comes back in the order of the days; a day without one has that of the day before', () => {
    const days = new DailyValues(100);
    days.set('a', 20_000, 5);
    days.set('a', 20_003, 8);
    days.set('b', 20_001, 1);
    expect([...days.valuesOf('a')]).toEqual([5, 5, 5, 8]);
    expect([...days.valuesOf('b')]).toEqual([1]);
    expect([...days.valuesOf('c')]).toEqual([]);
  });

  it('is replaced where it is read again, and days between are filled in later', () => {
    const days = new DailyValues(100);
    for (const [day, value] of [
      [1, 5],
      [3, 7],
      [2, 6],
      [3, 8],
    ] as const)
      days.set('a', day, value);
    expect([...days.valuesOf('a')]).toEqual([5, 6, 8]);
  });

  it('is left out before the first one of its series', () => {
    const days = new DailyValues(100);
    days.set('a', 10, 5);
    days.set('a', 9, 4);
    expect([...days.valuesOf('a')]).toEqual([5]);
  });

  it('is kept for so many days, whatever the gaps', () => {
    const days = new DailyValues(3);
    for (let day = 0; day < 200; day++) if (day !== 197) days.set('a', day, day);
    expect([...days.valuesOf('a')]).toEqual([198, 199]);
    days.set('a', 200, 200);
    days.set('a', 201, 201);
    expect([...days.valuesOf('a')]).toEqual([199, 200, 201]);
    days.set('a', 400, 400);
    expect([...days.valuesOf('a')]).toEqual([400]);
  });

  it('is forgotten with its series', () => {
    const days = new DailyValues(100);
    days.set('old', 10, 1);
    days.set('new', 50, 1);
    days.forgetBefore(50);
    expect(days.size).toBe(1);
    expect([...days.valuesOf('new')]).toEqual([1]);
  });

  it('is kept of so many series, those with the newest values', () => {
    const days = new DailyValues(100);
    days.set('gone', 48, 1);
    days.set('short', 50, 1);
    for (const day of [49, 50]) days.set('long', day, 1);
    expect(days.keepNewest(3)).toBe(0);
    expect(days.keepNewest(1)).toBe(2);
    expect(['gone', 'short', 'long'].map((key) => days.valuesOf(key).length)).toEqual([0, 0, 2]);
  });
});
