import { expect, it } from 'vitest';
import { Series } from '../../samples/series.ts';
import { NewestTimes, type StoredSeries } from './stored-series.ts';

const tagsOf = ({ tags }: Series): string => tags.join('\0');
const storedSeries = (tag: string): StoredSeries => ({
  series: new Series('probe', [tag]),
  problem: undefined,
  newest: undefined,
});

it('a time of a series is new once, also for another object of the same series', () => {
  const newest = new NewestTimes(-1, 10);
  const first = storedSeries('x');
  const again = storedSeries('x');
  expect(newest.advance(first, 5, tagsOf)).toBe(true);
  expect(newest.advance(first, 5, tagsOf)).toBe(false);
  expect(newest.advance(again, 5, tagsOf)).toBe(false);
  expect(newest.advance(again, 6, tagsOf)).toBe(true);
  expect(newest.advance(first, 6, tagsOf)).toBe(false);
  expect(newest.advance(storedSeries('y'), 1, tagsOf)).toBe(true);
});

it('what the table has at its opening is not new', () => {
  const newest = new NewestTimes(100, 10);
  expect(newest.advance(storedSeries('x'), 100, tagsOf)).toBe(false);
  expect(newest.advance(storedSeries('x'), 101, tagsOf)).toBe(true);
});

it('after the file was opened again nothing counts that was found out before', () => {
  const series = storedSeries('x');
  new NewestTimes(-1, 10).advance(series, 50, tagsOf);
  // The write failed: the row is not in the file.
  expect(new NewestTimes(-1, 10).advance(series, 50, tagsOf)).toBe(true);
});

it('with more series than it may remember it takes rows for stored, never for new', () => {
  const newest = new NewestTimes(-1, 2);
  const known = storedSeries('x');
  expect(newest.advance(known, 5, tagsOf)).toBe(true);
  expect(newest.advance(storedSeries('y'), 9, tagsOf)).toBe(true);
  expect(newest.advance(storedSeries('z'), 3, tagsOf)).toBe(false);
  expect(newest.advance(known, 5, tagsOf)).toBe(false);
  expect(newest.advance(known, 10, tagsOf)).toBe(true);
});
