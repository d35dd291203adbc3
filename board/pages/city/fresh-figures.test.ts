import { expect, it } from 'vitest';
import { ApiProblem } from '../../api/problem.ts';
import { freshFigures } from './fresh-figures.ts';

const NOW_MS = 1_800_000_000_000;
const read = (loadedAtMs: number) =>
  ({
    value: { figures: { completenessPercent: 100 } },
    problem: undefined,
    loadedAtMs,
  }) as Parameters<typeof freshFigures>[0];

it('gives the figures of an answer for a minute', () => {
  expect(freshFigures(read(NOW_MS - 60_000), NOW_MS)).toEqual({ completenessPercent: 100 });
  expect(freshFigures(read(NOW_MS - 60_001), NOW_MS)).toEqual({});
});

it('gives none of what could not be read anew', () => {
  const problem = new ApiProblem(503, 'STORE_UNAVAILABLE', 'away');
  expect(freshFigures({ ...read(NOW_MS), problem }, NOW_MS)).toEqual({});
  expect(freshFigures({ ...read(NOW_MS), value: undefined }, NOW_MS)).toEqual({});
});
