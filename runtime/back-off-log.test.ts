import { expect, it } from 'vitest';
import { BackOffLog } from './back-off-log.ts';

it('tells the 1st, 10th, 100th … event of a source, and the first again after a quarter of an hour', () => {
  const log = new BackOffLog(0);
  const told = Array.from({ length: 150 }, () => log.count('a', 0)).filter((count) => count !== undefined);
  expect(told).toEqual([1, 10, 100]);
  expect(log.count('b', 0)).toBe(1);
  expect(log.count('a', 15 * 60_000)).toBe(1);
});

it('is not filled by any number of sources', () => {
  const log = new BackOffLog(0);
  let told = 0;
  for (let source = 0; source < 50_000; source++) if (log.count(`s-${source}`, 0) !== undefined) told++;
  expect(told).toBe(20);
  expect(log.count('later', 5_000)).toBe(1);
});
