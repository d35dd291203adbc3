import { describe, expect, it } from 'vitest';
import { Semaphore } from './semaphore.ts';

const signal = new AbortController().signal;

describe('a semaphore', () => {
  it('runs no more at a time than it has permits, the others in order', async () => {
    const semaphore = new Semaphore(2);
    const started: number[] = [];
    const finish: (() => void)[] = [];
    const work = (id: number) => (): Promise<void> => {
      started.push(id);
      return new Promise((resolve) => finish.push(resolve));
    };
    const all = [1, 2, 3, 4].map((id) => semaphore.run(work(id)));
    await Promise.resolve();
    expect(started).toEqual([1, 2]);
    finish[0]?.();
    await all[0];
    await nextTurn();
    expect(started).toEqual([1, 2, 3]);
    finish[1]?.();
    finish[2]?.();
    await all[2];
    await nextTurn();
    finish[3]?.();
    await Promise.all(all);
    expect(started).toEqual([1, 2, 3, 4]);
  });

  it('releases the permit of work that failed', async () => {
    const semaphore = new Semaphore(1);
    await expect(semaphore.run(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await semaphore.run(() => Promise.resolve('ran'))).toBe('ran');
  });

  it('gives the permit of a waiter that was aborted to the next, and releases each permit once', async () => {
    const semaphore = new Semaphore(1);
    const release = await semaphore.acquire(signal);
    const controller = new AbortController();
    const aborted = semaphore.acquire(controller.signal);
    const next = semaphore.acquire(signal);
    controller.abort(new Error('called off'));
    await expect(aborted).rejects.toThrow('called off');
    release();
    release();
    (await next)();
    (await semaphore.acquire(signal))();
  });
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
