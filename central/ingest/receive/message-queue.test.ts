import { describe, expect, it } from 'vitest';
import { MessageQueue } from './message-queue.ts';

function message(topic: string, bytes = 100): { topic: string; payload: Buffer } {
  return { topic, payload: Buffer.alloc(bytes) };
}

const monotonicMs = (): number => performance.now();

describe('the message queue', () => {
  it('takes messages at once, handles them later and in order', async () => {
    const handled: string[] = [];
    let slices = 0;
    const queue = new MessageQueue({
      monotonicMs,
      maxBytes: 10_000,
      handle: ({ topic }) => handled.push(topic),
      afterSlice: () => slices++,
    });
    for (const topic of ['a', 'b', 'c']) expect(queue.offer(message(topic))).toBe(true);
    expect(handled).toEqual([]);
    await queue.whenEmpty();
    expect(handled).toEqual(['a', 'b', 'c']);
    expect(slices).toBe(1);
    expect(queue.bytes).toBe(0);
  });

  it('is bounded in bytes', () => {
    const queue = new MessageQueue({
      maxBytes: 1_000,
      handle: () => undefined,
      afterSlice: () => undefined,
      monotonicMs,
    });
    expect([1, 2, 3, 4].map(() => queue.offer(message('a', 300)))).toEqual([true, true, false, false]);
  });

  it('lets the event loop run in the middle of much work', async () => {
    let handled = 0;
    const queue = new MessageQueue({
      monotonicMs,
      maxBytes: 1e9,
      handle: () => {
        const untilMs = performance.now() + 1;
        while (performance.now() < untilMs);
        handled++;
      },
      afterSlice: () => undefined,
    });
    for (let index = 0; index < 50; index++) queue.offer(message('a'));
    // After the queue's own turn: a timer of 1 ms may come before it on a busy machine.
    await new Promise((resolve) => setImmediate(resolve));
    expect(handled).toBeGreaterThan(0);
    expect(handled).toBeLessThan(50);
    await queue.whenEmpty();
    expect(handled).toBe(50);
  });
});
