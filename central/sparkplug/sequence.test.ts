import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sequence } from './sequence.ts';

const LIMITS = { reorderTimeoutMs: 2_000, maxHeld: 32 };

describe('messages of one session', () => {
  it('wait for the one before them, and go on in order', () => {
    const sequence = new Sequence<string>(0, LIMITS);
    expect(sequence.offer(1, 'a', 0)).toEqual({ kind: 'ready', items: ['a'] });
    expect(sequence.offer(3, 'c', 100)).toEqual({ kind: 'held' });
    expect(sequence.offer(2, 'b', 200)).toEqual({ kind: 'ready', items: ['b', 'c'] });
    expect(sequence.expire(1e9)).toBeUndefined();
  });

  it('are given up when the timeout is over: what is missing is counted', () => {
    const sequence = new Sequence<string>(254, LIMITS);
    sequence.offer(1, 'd', 0);
    sequence.offer(3, 'f', 1_999);
    expect(sequence.expire(1_999)).toBeUndefined();
    expect(sequence.expire(2_000)).toEqual({ lost: 3, items: ['d', 'f'] });
    expect(sequence.offer(4, 'g', 2_001)).toEqual({ kind: 'ready', items: ['g'] });
  });

  it('are behind when they come twice', () => {
    const sequence = new Sequence<string>(0, LIMITS);
    sequence.offer(1, 'a', 0);
    sequence.offer(5, 'e', 0);
    expect(sequence.offer(1, 'a', 0)).toEqual({ kind: 'behind' });
    expect(sequence.offer(5, 'e', 0)).toEqual({ kind: 'behind' });
  });

  it('do not pile up: beyond the limit nobody waits for the timeout', () => {
    const sequence = new Sequence<number>(0, LIMITS);
    for (let seq = 2; seq <= 34; seq++) sequence.offer(seq, seq, 0);
    expect(sequence.expire(0)?.items).toHaveLength(33);
  });

  it('arrive in order and completely counted, however they are shuffled, lost and numbered', () => {
    const messages = fc.record({
      birthSeq: fc.integer({ min: 0, max: 255 }),
      // Up to 30 places late, and some never: within what the window can tell apart.
      fates: fc.array(fc.record({ isLost: fc.boolean(), delay: fc.integer({ min: 0, max: 30 }) }), {
        maxLength: 600,
      }),
    });
    fc.assert(
      fc.property(messages, ({ birthSeq, fates }) => {
        const sequence = new Sequence<number>(birthSeq, { reorderTimeoutMs: 40, maxHeld: 127 });
        const arrivals = fates
          .map(({ isLost, delay }, index) => ({ index, isLost, atMs: index + delay }))
          .filter(({ isLost }) => !isLost)
          .sort((a, b) => a.atMs - b.atMs || a.index - b.index);
        const taken: number[] = [];
        let lost = 0;
        const close = (gap: ReturnType<typeof sequence.expire>): void => {
          lost += gap?.lost ?? 0;
          taken.push(...(gap?.items ?? []));
        };
        for (const { index, atMs } of arrivals) {
          close(sequence.expire(atMs));
          const offered = sequence.offer((birthSeq + 1 + index) % 256, index, atMs);
          if (offered.kind === 'ready') taken.push(...offered.items);
          close(sequence.expire(atMs));
        }
        close(sequence.skipGap());
        expect(taken).toEqual([...taken].sort((a, b) => a - b));
        expect(new Set(taken).size).toBe(taken.length);
        // Everything up to the last one that came is either taken or counted as lost; late ones are both lost and behind.
        const last = taken.at(-1);
        expect(taken.length + lost).toBe(last === undefined ? 0 : last + 1);
      }),
      { numRuns: 300 },
    );
  });
});
