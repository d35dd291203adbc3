import { describe, expect, it } from 'vitest';
import type { Flow } from '../../../contract/ack.ts';
import { creditsFor, nextFlowMode, type FlowInputs } from './flow-control.ts';

const LIMITS = { liveOnlyAfterMs: 0, holdAfterMs: 10_000, backfillBatchesPerS: 100, maxWindow: 8 };

function replay(inputs: readonly Partial<FlowInputs>[]): Flow['mode'][] {
  let mode: Flow['mode'] = 'go';
  return inputs.map((input) => {
    mode = nextFlowMode(mode, { fillRatio: 0, storeDownForMs: undefined, ...input }, LIMITS);
    return mode;
  });
}

describe('the flow mode', () => {
  it('stops backfill when the store fails, everything when it stays down, and resumes when it is back', () => {
    expect(
      replay([{ storeDownForMs: 0 }, { storeDownForMs: 9_999 }, { storeDownForMs: 10_000 }, {}]),
    ).toEqual(['live-only', 'live-only', 'hold', 'go']);
  });

  it('follows the buffer, and holds until a quarter or less is in use', () => {
    const fills = [0.2, 0.25, 0.5, 0.4, 0.25, 0.24, 0.3];
    expect(replay(fills.map((fillRatio) => ({ fillRatio })))).toEqual([
      'go',
      'live-only',
      'hold',
      'hold',
      'hold',
      'go',
      'live-only',
    ]);
  });

  it('does not end a hold on a failing store', () => {
    expect(replay([{ fillRatio: 0.6 }, { fillRatio: 0.1, storeDownForMs: 100 }])).toEqual(['hold', 'hold']);
  });
});

describe('credits', () => {
  it('share the backfill rate among the agents that need it, up to the limit of one agent', () => {
    expect(creditsFor(0, 0, LIMITS)).toEqual({ window: 8, backfillPerS: 50 });
    expect(creditsFor(0, 40, LIMITS)).toEqual({ window: 8, backfillPerS: 2.5 });
  });

  it('shrink as the buffer fills, down to one batch at a time', () => {
    expect(creditsFor(0.25, 40, LIMITS)).toEqual({ window: 4, backfillPerS: 1.25 });
    expect(creditsFor(0.9, 40, LIMITS)).toEqual({ window: 1, backfillPerS: 0 });
  });
});
