import type { Flow } from '../../../contract/ack.ts';

export interface FlowLimits {
  /** The store has failed for this long: no more backlog; nothing at all. */
  readonly liveOnlyAfterMs: number;
  readonly holdAfterMs: number;
  /** Backlog batches per second that central takes from all agents together. */
  readonly backfillBatchesPerS: number;
  readonly maxWindow: number;
}

export interface FlowInputs {
  /** Bytes in the write buffer ÷ its size. */
  readonly fillRatio: number;
  /** How long the store has failed; undefined: it works. */
  readonly storeDownForMs: number | undefined;
}

const LIVE_ONLY_AT = 0.25;
const HOLD_AT = 0.5;
/** Room that must be free again before a hold ends, so that the mode does not flutter. */
const RELEASE_AT = 0.25;
const MAX_BACKFILL_PER_AGENT_PER_S = 50;

/** Pure. Backlog stops first, live batches only when memory or patience ends. */
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

/** Pure. What one agent may send, given how full central is and how many agents bring a backlog at the moment. */
export function creditsFor(fillRatio: number, backfillers: number, limits: FlowLimits): Credits {
  const room = Math.max(0, 1 - fillRatio / HOLD_AT);
  const share = (limits.backfillBatchesPerS * room) / Math.max(1, backfillers);
  return {
    window: Math.max(1, Math.round(limits.maxWindow * room)),
    backfillPerS: Math.round(Math.min(MAX_BACKFILL_PER_AGENT_PER_S, share) * 100) / 100,
  };
}
