import { describe, expect, it } from 'vitest';
import type { Flow } from '../../../contract/ack.ts';
import { creditsFor, nextFlowMode, type FlowInputs } from './flow-control.ts';

const LIMITS = { backfillBatchesPerS: 100, maxWindow: 8 };

function replay(inputs: readonly Partial<FlowInputs>[]): Flow['mode'][] {
  let mode: Flow['mode'] = 'go';
  return inputs.map((input) => {
    mode = nextFlowMode(mode, { fillRatio: 0, storeAvailable: true, judgedRatio: 0, ...input });
    return mode;
  });
}

describe('the flow mode', () => {
  it('stops backfill, and only backfill, while the store fails, whatever the buffer holds', () => {
    const storeAvailable = false;
    expect(
      replay([{ storeAvailable }, { storeAvailable, fillRatio: 0.9 }, { storeAvailable, fillRatio: 1 }, {}]),
    ).toEqual(['live-only', 'live-only', 'live-only', 'go']);
  });

  it('follows the buffer of a slow store, and takes backfill again when a quarter or less is in use', () => {
    const fills = [0.2, 0.49, 0.5, 1, 0.4, 0.25, 0.24, 0.3];
    expect(replay(fills.map((fillRatio) => ({ fillRatio })))).toEqual([
      'go',
      'go',
      'live-only',
      'live-only',
      'live-only',
      'live-only',
      'go',
      'go',
    ]);
  });

  it('stops live batches only when nothing more can be judged, and until much can be again', () => {
    const judged = [0.99, 1, 0.5, 0.25, 0.24];
    expect(replay(judged.map((judgedRatio) => ({ judgedRatio, storeAvailable: false })))).toEqual([
      'live-only',
      'hold',
      'hold',
      'hold',
      'live-only',
    ]);
  });
});

describe('credits', () => {
  it('share the backfill rate among the agents that need it, up to the limit of one agent', () => {
    expect(creditsFor(0, 0, LIMITS)).toEqual({ window: 8, backfillPerS: 50 });
    expect(creditsFor(0, 40, LIMITS)).toEqual({ window: 8, backfillPerS: 2.5 });
  });

  it('shrink as the buffer fills: backfill first, then live batches, of which two may always be on their way', () => {
    expect(creditsFor(0.25, 40, LIMITS)).toEqual({ window: 8, backfillPerS: 1.25 });
    expect(creditsFor(0.5, 40, LIMITS)).toEqual({ window: 8, backfillPerS: 0 });
    expect(creditsFor(0.75, 40, LIMITS)).toEqual({ window: 4, backfillPerS: 0 });
    expect(creditsFor(2, 40, LIMITS)).toEqual({ window: 2, backfillPerS: 0 });
  });
});
