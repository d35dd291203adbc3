import type { Batch } from '../../../contract/batch.ts';
import type { ReplayIdentity } from './replay-row.ts';

/** Why a row is refused. */
export interface Refused {
  readonly code: string;
  readonly reason: string;
}

/**
 * `stored`: durable. `held`: on its way to the store. `taken`: it is now. `full`: there is no space for this agent; try again later. Else why it was
 * refused.
 */
export type Taken = 'stored' | 'held' | 'taken' | 'full' | Refused;

/** A row that was taken, and that the store then refused. Its identity stands for nothing stored from now on. */
export interface RefusedByStore extends Refused, ReplayIdentity {
  readonly agent: string;
}

/** Called before their identities are in the ledger; where it throws, they are not. */
export type RefusedListener = (refused: readonly RefusedByStore[]) => void;

/** Takes rows of the quarantine in again, each as a batch with an identity of its own, by which it is stored once at most. */
export interface ReplayIntake {
  /** Why its row would be refused now; undefined: it would not. */
  refusalOf(agent: string, batch: Batch): Refused | undefined;
  /** Nothing of it is quarantined again. */
  take(agent: string, batch: Batch): Taken;
  onRefused(listener: RefusedListener): void;
}
