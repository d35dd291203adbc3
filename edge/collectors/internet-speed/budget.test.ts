import { describe, expect, it } from 'vitest';
import { allowance, stillCounted, type BudgetLimits } from './budget.ts';

const HOUR_MS = 3_600_000;
const NOW_MS = 1_800_000_000_000;
const limits: BudgetLimits = {
  testsPerDay: 2,
  bytesPerTest: 100e6,
  bytesPerDay: 200e6,
  bytesPerMonth: 400e6,
};
const hoursAgo = (hours: number, bytes = 100e6) => ({ atMs: NOW_MS - hours * HOUR_MS, bytes });
const kindAfter = (...spent: { atMs: number; bytes: number }[]) => allowance(spent, limits, NOW_MS).kind;

describe('a test', () => {
  it.each([
    ['is due when there was none', [], 'due'],
    ['waits for half a day, nearly', [hoursAgo(10.7)], 'later'],
    ['is due after half a day', [hoursAgo(10.9)], 'due'],
    ['waits for the day when it is the third', [hoursAgo(12), hoursAgo(23.9)], 'later'],
    ['is due when the day is over', [hoursAgo(12), hoursAgo(24.1)], 'due'],
    ['is too much for the day', [hoursAgo(12, 101e6)], 'exhausted'],
    ['is too much for the month', [hoursAgo(12), hoursAgo(100), hoursAgo(200, 201e6)], 'exhausted'],
  ])('%s', (_what, spent, expected) => {
    expect(kindAfter(...spent)).toBe(expected);
  });

  it('says what it would take', () => {
    expect(allowance([hoursAgo(12, 150e6)], limits, NOW_MS)).toEqual({
      kind: 'exhausted',
      reason: 'one more test would make 250 MB in a day, allowed are 200',
    });
  });
});

it('counts for 30 days, and from now on what a clock that ran ahead has dated', () => {
  expect(stillCounted([hoursAgo(721), hoursAgo(719), hoursAgo(-50_000)], NOW_MS)).toEqual([
    hoursAgo(719),
    hoursAgo(0),
  ]);
});
