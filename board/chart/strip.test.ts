import { expect, it } from 'vitest';
import { stripOf } from './strip.ts';

const DAY_MS = 86_400_000;

it('shows an outage of a minute in a day, and nothing where nothing is known', () => {
  const intervals = [
    { state: 'up', fromMs: -1_000, toMs: DAY_MS / 2 },
    { state: 'down', fromMs: DAY_MS / 2, toMs: DAY_MS / 2 + 60_000 },
    { state: 'up', fromMs: DAY_MS, toMs: DAY_MS + 1 },
  ];
  expect(stripOf(intervals, 0, DAY_MS)).toEqual([
    { state: 'up', from: 0, width: 50 },
    { state: 'down', from: 50, width: 0.25 },
  ]);
});
