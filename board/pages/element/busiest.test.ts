import { expect, it } from 'vitest';
import { busiestFirst } from './busiest.ts';

it('shows the busiest ports first, and last those of which nothing was measured', () => {
  const series = [
    { port: 'ge-0', points: [] },
    { port: 'ge-1', points: [[0, 5] as const, [1, null] as const] },
    { port: 'ge-2', points: [[0, null] as const] },
    { port: 'ge-3', points: [[0, 1] as const, [1, 900] as const] },
    { port: 'ge-4', points: [[0, 5] as const] },
  ];
  expect(busiestFirst(series).map(({ port }) => port)).toEqual(['ge-3', 'ge-1', 'ge-4', 'ge-0', 'ge-2']);
});
