import { expect, it } from 'vitest';
import { readableLength } from './readable-length.ts';

const SIZE = 10_000;

/** A log whose entry behind `good` bytes is damaged; counts the attempts. */
function log(good: number): { opens: (length: number) => Promise<boolean>; attempts: number } {
  const found = {
    attempts: 0,
    opens: (length: number) => {
      found.attempts++;
      return Promise.resolve(length <= good);
    },
  };
  return found;
}

it.each([0, 1, 17, 5_000, SIZE - 1])('finds that %i bytes can be read', async (good) => {
  expect(await readableLength(SIZE, undefined, log(good).opens)).toBe(good);
});

it('takes the place that DuckDB names, if the log opens up to there', async () => {
  const damaged = log(5_000);
  expect(await readableLength(SIZE, 5_000 + 16, damaged.opens)).toBe(5_000);
  expect(damaged.attempts).toBe(1);
  expect(await readableLength(SIZE, 9_000, damaged.opens)).toBe(5_000);
  expect(await readableLength(SIZE, 3, damaged.opens)).toBe(5_000);
});
