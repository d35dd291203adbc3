import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecentBatches, type BatchIdentity } from './recent-batches.ts';

const batch = (seq: number, agent = 'gw-1', epoch = 'abcdefgh'): BatchIdentity => ({ agent, epoch, seq });

describe('the newest batches', () => {
  it('knows a batch by its agent, epoch and seq', () => {
    const recent = new RecentBatches(10);
    recent.add(batch(1));
    expect(recent.has(batch(1))).toBe(true);
    for (const other of [batch(2), batch(1, 'gw-2'), batch(1, 'gw-1', 'ijklmnop')])
      expect(recent.has(other)).toBe(false);
  });

  it('holds what a list of the newest different ones holds', () => {
    const batches = fc.array(
      fc.record({
        agent: fc.constantFrom('gw-1', 'gw-2', 'gw-3'),
        epoch: fc.constantFrom('abcdefgh', 'ijklmnop'),
        seq: fc.integer({ min: 1, max: 9 }),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(batches, fc.integer({ min: 1, max: 12 }), (added, max) => {
        const recent = new RecentBatches(max);
        let newest: string[] = [];
        for (const one of added) {
          recent.add(one);
          const text = JSON.stringify(one);
          if (!newest.includes(text)) newest = [...newest, text].slice(-max);
          expect(recent.size).toBe(newest.length);
          for (const asked of added) expect(recent.has(asked)).toBe(newest.includes(JSON.stringify(asked)));
        }
      }),
      { numRuns: 200 },
    );
  });
});
