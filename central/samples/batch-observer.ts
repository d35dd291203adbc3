import type { SampleBatch } from './sample-table.ts';

export interface BatchContext {
  readonly receivedAtMs: number;
  /** The agent's clock at sending; receivedAtMs − sentAtMs is transit time plus clock skew. */
  readonly sentAtMs: number;
  /** History, sent late: raises no alert. */
  readonly backfill: boolean;
  /** The times of the rows are by central's clock already, not by the agent's. */
  readonly timesMoved?: boolean;
  /** Taken in again from the quarantine: the agent need not be there now. */
  readonly replayed?: boolean;
}

/** Gets each new, validated batch once, on arrival, also while the store is down. Must not throw or block. */
export interface BatchObserver {
  observe(batch: SampleBatch, context: BatchContext): void;
}
