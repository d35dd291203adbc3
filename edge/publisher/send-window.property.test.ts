import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WindowBench } from './testing/window-bench.ts';

type Step =
  | { readonly kind: 'live'; readonly count: number }
  | { readonly kind: 'backlog'; readonly count: number }
  | { readonly kind: 'cut' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'ack'; readonly share: number; readonly window: number; readonly backfillPerS: number }
  | { readonly kind: 'flow'; readonly mode: 'go' | 'live-only' | 'hold' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('live' as const), count: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ kind: fc.constant('backlog' as const), count: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ kind: fc.constant('cut' as const) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 90_000 }) }),
  fc.record({
    kind: fc.constant('ack' as const),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    window: fc.integer({ min: 1, max: 12 }),
    backfillPerS: fc.constantFrom(0, 0.3, 5, 500),
  }),
  fc.record({ kind: fc.constant('flow' as const), mode: fc.constantFrom('go', 'live-only', 'hold') }),
);

/** Runs the steps as publisher and central would, and checks the window at each send. */
function play(bench: WindowBench, steps: readonly Step[], seed: number): void {
  let window = 8;
  let mode = 'go';
  const send = (): void => {
    for (let next = bench.window.next(bench.nowMs); next; next = bench.window.next(bench.nowMs)) {
      if (next.action === 'set-aside') throw new Error('nothing here may be set aside');
      expect(bench.pending).toContain(next.seq);
      expect(bench.window.inFlight).toBeLessThanOrEqual(window);
      expect(mode).not.toBe('hold');
      if (mode === 'live-only') expect(next.backfill).toBe(false);
    }
    const wakeMs = bench.window.nextWakeMs(bench.nowMs);
    if (wakeMs !== undefined) expect(wakeMs).toBeGreaterThan(bench.nowMs);
  };
  bench.connect();
  for (const [index, now] of steps.entries()) {
    if (now.kind === 'live') bench.addLive(now.count);
    else if (now.kind === 'backlog') bench.addBacklog(now.count);
    else if (now.kind === 'wait') bench.nowMs += now.ms;
    else if (now.kind === 'cut') {
      bench.disconnect();
      bench.connect();
      window = 8;
      mode = 'go';
    } else if (now.kind === 'flow') {
      mode = now.mode;
      bench.window.applyFlow({ mode: now.mode, backfillPerS: 5 }, bench.nowMs);
    } else {
      const answered = [...bench.pending].filter(
        (seq) => bench.window.isInFlight(seq) && (seq * 7 + index + seed) % 10 < now.share * 10,
      );
      window = now.window;
      bench.ack(answered, now);
    }
    send();
  }
}

describe('the send window', () => {
  it('never exceeds the window, and sends every batch in the end, after any history', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 0, max: 9 }), (steps, seed) => {
        const bench = new WindowBench({
          // Acks at random would have batches set aside after a while; that is tested elsewhere.
          timings: { stuckAfterResends: Infinity, backlogDelayMaxMs: 30_000 },
          random: () => seed / 10,
        });
        play(bench, steps, seed);
        bench.window.applyFlow({ mode: 'go', backfillPerS: 100 }, bench.nowMs);
        for (let round = 0; round < 200 && bench.pending.size > 0; round++) {
          const sent = bench.run(1_000 + bench.timings.ackTimeoutMaxMs * (round % 2) * 2);
          bench.ack(
            sent.map(([, { seq }]) => seq),
            { backfillPerS: 100 },
          );
        }
        expect([...bench.pending]).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
