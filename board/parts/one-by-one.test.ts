import { expect, it } from 'vitest';
import { ApiProblem } from '../api/problem.ts';
import { oneByOne } from './one-by-one.ts';

it('waits where central asks for it, goes on after a refusal, and says what was refused', async () => {
  const tried: string[] = [];
  const waited: number[] = [];
  const moved = new ApiProblem(409, 'REVISION_MOVED', 'changed');
  const busy = new ApiProblem(429, 'TOO_MANY_REQUESTS', 'wait', { retryAfterS: 2 });
  const failed = await oneByOne(
    ['a', 'b', 'c'],
    async (one) => {
      tried.push(one);
      if (one === 'a') throw moved;
      if (one === 'b' && tried.length < 4) throw busy;
      return Promise.resolve();
    },
    {
      after: (ms, act) => {
        waited.push(ms);
        act();
        return () => undefined;
      },
    },
  );
  expect(tried).toEqual(['a', 'b', 'b', 'b', 'c']);
  expect(waited).toEqual([2_000, 2_000]);
  expect(failed).toEqual([['a', moved]]);
});
