import type { Flow } from '../../../contract/ack.ts';

export interface FlowLimits {
  /** Backfill batches per second that central takes from all agents together. */
  readonly backfillBatchesPerS: number;
  readonly maxWindow: number;
}

export interface FlowInputs {
  /** Bytes in the write buffer ÷ its size. */
  readonly fillRatio: number;
  readonly storeAvailable: boolean;
  /** Batches that can be judged without a place in the buffer ÷ their bound: how much of that memory is in use. */
  readonly judgedRatio: number;
}

const LIVE_ONLY_AT = 0.5;
/** A mode ends below this ratio, so that it does not change back and forth. */
const RELEASE_AT = 0.25;
const MAX_BACKFILL_PER_AGENT_PER_S = 50;
/** While one batch waits for its acknowledgement, the next one can still be judged. */
const MIN_WINDOW = 2;

/**
 * Pure. Backfill stops as soon as the store fails or the buffer is half full. Live batches are stopped only when nothing
 * more fits in memory, because alerts need them whether or not they can be stored.
 */
export function nextFlowMode(mode: Flow['mode'], inputs: FlowInputs): Flow['mode'] {
  const { fillRatio, storeAvailable, judgedRatio } = inputs;
  if (judgedRatio >= 1 || (mode === 'hold' && judgedRatio >= RELEASE_AT)) return 'hold';
  if (!storeAvailable || fillRatio >= LIVE_ONLY_AT) return 'live-only';
  return mode !== 'go' && fillRatio >= RELEASE_AT ? 'live-only' : 'go';
}

export interface Credits {
  readonly window: number;
  readonly backfillPerS: number;
}

/**
 * Pure. What one agent may send, by how full the write buffer is and how many agents are sending backfill: the backfill
 * shrinks first, live batches only in the half in which backfill has stopped.
 */
export function creditsFor(fillRatio: number, backfillers: number, limits: FlowLimits): Credits {
  const backfillRoom = Math.max(0, 1 - fillRatio / LIVE_ONLY_AT);
  const liveRoom = Math.min(1, Math.max(0, (1 - fillRatio) / (1 - LIVE_ONLY_AT)));
  const share = (limits.backfillBatchesPerS * backfillRoom) / Math.max(1, backfillers);
  return {
    window: Math.max(MIN_WINDOW, Math.round(limits.maxWindow * liveRoom)),
    backfillPerS: Math.round(Math.min(MAX_BACKFILL_PER_AGENT_PER_S, share) * 100) / 100,
  };
}
