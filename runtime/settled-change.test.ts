import { expect, it } from 'vitest';
import { SettledChange } from './settled-change.ts';

it('is due once it changed and stayed the same for one look', () => {
  const change = new SettledChange('a', 60_000);
  expect(change.isDue('a', 0)).toBe(false);
  expect(change.isDue('b', 1)).toBe(false);
  expect(change.isDue('c', 2)).toBe(false);
  expect(change.isDue('c', 3)).toBe(true);
  change.noteRead('c');
  expect(change.isDue('c', 4)).toBe(false);
});

it('is due after a while unchanged, where that was asked for, until it is read', () => {
  const change = new SettledChange('a', 60_000);
  change.retryLater(1_000);
  expect(change.isDue('a', 60_999)).toBe(false);
  expect(change.isDue('a', 61_000)).toBe(true);
  change.noteRead('a');
  expect(change.isDue('a', 200_000)).toBe(false);
});
