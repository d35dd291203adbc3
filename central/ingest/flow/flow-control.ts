import type { Flow } from '../../../contract/ack.ts';

export interface FlowLimits {
  /** After the store has failed for this long: `live-only`, then `hold`. */
  readonly liveOnlyAfterMs: number;
  readonly holdAfterMs: number;
  /** Backfill batches per second that central takes from all agents together. */
  readonly backfillBatchesPerS: number;
  readonly maxWindow: number;
}

export interface FlowInputs {
  /** Bytes in the write buffer ÷ its size. */
  readonly fillRatio: number;
  /** undefined: the store works. */
  readonly storeDownForMs: number | undefined;
}

const LIVE_ONLY_AT = 0.25;
const HOLD_AT = 0.5;
/** A hold ends below this fill ratio, so that the mode does not change back and forth. */
const RELEASE_AT = 0.25;
const MAX_BACKFILL_PER_AGENT_PER_S = 50;

/** Pure. Stops backfill first, and live batches only when the buffer is half full or the store has failed for too long. */
export function nextFlowMode(mode: Flow['mode'], inputs: FlowInputs, limits: FlowLimits): Flow['mode'] {
  const { fillRatio, storeDownForMs: downMs } = inputs;
  if (fillRatio >= HOLD_AT || (downMs !== undefined && downMs >= limits.holdAfterMs)) return 'hold';
  if (mode === 'hold' && (downMs !== undefined || fillRatio >= RELEASE_AT)) return 'hold';
  if (fillRatio >= LIVE_ONLY_AT || (downMs !== undefined && downMs >= limits.liveOnlyAfterMs)) {
    return 'live-only';
  }
  return 'go';
}

export interface Credits {
  readonly window: number;
  readonly backfillPerS: number;
}

/** Pure. What one agent may send, by how full the write buffer is and how many agents are sending backfill. */
export function creditsFor(fillRatio: number, backfillers: number, limits: FlowLimits): Credits {
  const headroom = Math.max(0, 1 - fillRatio / HOLD_AT);
  const share = (limits.backfillBatchesPerS * headroom) / Math.max(1, backfillers);
  return {
    window: Math.max(1, Math.round(limits.maxWindow * headroom)),
    backfillPerS: Math.round(Math.min(MAX_BACKFILL_PER_AGENT_PER_S, share) * 100) / 100,
  };
}
