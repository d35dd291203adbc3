import { expect, it } from 'vitest';
import { clusterMarks } from './clusters.ts';

const WORST_FIRST = ['down', 'unknown', 'up'] as const;
type State = (typeof WORST_FIRST)[number];
const mark = (id: string, x: number, y: number, state: State) => ({ id, x, y, state });

it('joins what is near, shows the worst of it in its middle, and leaves what is apart', () => {
  const marks = [mark('a', 1, 1, 'up'), mark('b', 3, 1, 'down'), mark('c', 11, 1, 'unknown')];
  expect(clusterMarks(marks, 10, WORST_FIRST)).toEqual([
    { ids: ['a', 'b'], state: 'down', x: 2, y: 1 },
    { ids: ['c'], state: 'unknown', x: 11, y: 1 },
  ]);
  expect(clusterMarks(marks, 1, WORST_FIRST)).toHaveLength(3);
  expect(clusterMarks([], 1, WORST_FIRST)).toEqual([]);
});

it('does not join over the zero of the grid', () => {
  expect(clusterMarks([mark('a', -0.1, 0, 'up'), mark('b', 0.1, 0, 'up')], 1, WORST_FIRST)).toHaveLength(2);
});
