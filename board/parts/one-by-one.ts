import { ApiProblem } from '../api/problem.ts';
import type { Time } from '../store/time.ts';

const MAX_WAITS = 5;

/**
 * Does it for each, one after the other; waits where central says that it is too much at once. Returns the problem of each that failed; the
 * others are done.
 */
export async function oneByOne<T>(
  each: readonly T[],
  act: (one: T) => Promise<unknown>,
  time: Pick<Time, 'after'>,
): Promise<readonly (readonly [T, unknown])[]> {
  const failed: (readonly [T, unknown])[] = [];
  for (const one of each) {
    for (let waits = 0; ; waits++) {
      try {
        await act(one);
        break;
      } catch (error) {
        const waitS =
          error instanceof ApiProblem && error.status === 429 ? Math.max(1, error.retryAfterS) : 0;
        if (waitS === 0 || waits >= MAX_WAITS) {
          failed.push([one, error]);
          break;
        }
        await new Promise<void>((resolve) => void time.after(waitS * 1_000, resolve));
      }
    }
  }
  return failed;
}
