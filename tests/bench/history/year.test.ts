import { expect, it } from 'vitest';
import { yearOf } from './year.ts';

it('has of each level as many days as it is kept, and of none more than the year', () => {
  expect(
    yearOf([
      { name: 'raw', bytesADay: 1_000, keptDays: 7 },
      { name: 'minute', bytesADay: 100, keptDays: 90 },
      { name: 'hour', bytesADay: 1, keptDays: 1_095 },
    ]),
  ).toBe(7_000 + 9_000 + 365);
});
