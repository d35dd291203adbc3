import type { HistoryEntry, RolloutState } from './rollout.ts';

/** Some of the agents are in one that has not ended. */
export class RolloutOverlapsError extends Error {
  override readonly name = 'RolloutOverlapsError';
}

/** What it is in does not allow it. */
export class RolloutStateError extends Error {
  override readonly name = 'RolloutStateError';
}

export type RolloutVerb = 'pause' | 'resume' | 'cancel' | 'rollback';

/** What a person may do with one, and in which states. */
export const VERBS: Readonly<
  Record<
    RolloutVerb,
    { readonly from: readonly RolloutState[]; readonly to: RolloutState; readonly what: HistoryEntry['what'] }
  >
> = {
  pause: { from: ['running'], to: 'paused', what: 'paused' },
  resume: { from: ['paused', 'stopped'], to: 'running', what: 'resumed' },
  cancel: { from: ['running', 'paused', 'stopped'], to: 'cancelled', what: 'cancelled' },
  rollback: {
    from: ['running', 'paused', 'stopped', 'cancelled', 'done'],
    to: 'rolling_back',
    what: 'rolling_back',
  },
};
