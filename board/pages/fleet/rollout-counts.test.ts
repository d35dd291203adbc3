import { expect, it } from 'vitest';
import { countsOf } from './rollout-counts.ts';

const counts = { waiting: 136, pushed: 1, applied: 0, failed: 0, skipped: 0, restored: 0 };

it('says of a roll-out that goes on who waits, and of one that has ended whom it did not reach', () => {
  expect(countsOf({ state: 'paused', counts })).toEqual([
    ['trying', 1],
    ['waiting', 136],
  ]);
  expect(countsOf({ state: 'cancelled', counts })).toEqual([
    ['trying', 1],
    ['notReached', 136],
  ]);
});
