import { expect, it } from 'vitest';
import { JudgedBatches } from './judged-batches.ts';

const LIMITS = { maxJudgedRanges: 4, maxJudgedRangesPerAgent: 3 };

it('remembers an outage of days in one range', () => {
  const judged = new JudgedBatches(LIMITS);
  for (let seq = 1; seq <= 20_000; seq++) expect(judged.add('gw-1', 'a', seq)).toBe(true);
  expect(judged.fillRatio).toBe(0.25);
  expect([judged.has('gw-1', 'a', 20_000), judged.has('gw-1', 'a', 20_001)]).toEqual([true, false]);
  expect([judged.has('gw-2', 'a', 1), judged.has('gw-1', 'b', 1)]).toEqual([false, false]);
});

it('has no memory for scattered numbers of one agent, and still some for the others', () => {
  const judged = new JudgedBatches(LIMITS);
  expect([1, 3, 5, 7].map((seq) => judged.add('gw-1', 'a', seq))).toEqual([true, true, true, false]);
  expect(judged.has('gw-1', 'a', 7)).toBe(false);
  expect(judged.add('gw-2', 'a', 1)).toBe(true);
  expect(judged.fillRatio).toBe(1);
  expect(judged.add('gw-3', 'a', 1)).toBe(false);
  // Closes a gap, which takes no memory.
  expect(judged.add('gw-1', 'a', 4)).toBe(true);
  expect(judged.fillRatio).toBe(0.75);
});

it('forgets what the agent no longer has, and an epoch that is over', () => {
  const judged = new JudgedBatches(LIMITS);
  for (const seq of [1, 2, 3, 9]) judged.add('gw-1', 'a', seq);
  judged.forgetBelow('gw-1', 'a', 3);
  expect([2, 3, 9].map((seq) => judged.has('gw-1', 'a', seq))).toEqual([false, true, true]);
  judged.forgetBelow('gw-1', 'b', 1);
  expect(judged.has('gw-1', 'a', 9)).toBe(false);
  expect(judged.fillRatio).toBe(0);
});

it('keeps one range for an agent whose batches find space every other time', () => {
  const judged = new JudgedBatches(LIMITS);
  judged.bridge('gw-1', 'a', 1);
  expect(judged.has('gw-1', 'a', 1)).toBe(false);
  for (let seq = 2; seq <= 1_000; seq += 2) {
    expect(judged.add('gw-1', 'a', seq)).toBe(true);
    judged.bridge('gw-1', 'a', seq + 1);
  }
  expect(judged.fillRatio).toBe(0.25);
});
