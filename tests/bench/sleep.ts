import { setTimeout as sleepMs } from 'node:timers/promises';

export async function sleep(seconds: number): Promise<void> {
  await sleepMs(seconds * 1_000);
}

/** Polls until the condition is true; rejects after `limitS`, naming `what` did not happen. */
export async function until(
  what: string,
  limitS: number,
  isTrue: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadlineMs = performance.now() + limitS * 1_000;
  while (!(await isTrue())) {
    if (performance.now() > deadlineMs) throw new Error(`not within ${limitS} s: ${what}`);
    await sleepMs(50);
  }
}

/** Seconds that `work` took. */
export async function secondsOf(work: () => unknown): Promise<number> {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1_000;
}

/** Resolves like `work`; rejects when it takes longer than `limitS`. */
export async function within<T>(limitS: number, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = sleepMs(limitS * 1_000, undefined, { signal: over.signal }).then(() => {
    throw new Error(`not done within ${limitS} s`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
    late.catch(() => undefined);
  }
}
