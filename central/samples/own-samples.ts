import type { Sample } from '../../contract/sample.ts';

/** Where central's parts put samples of their own; they are stored under the agent name `central`. */
export interface OwnSamples {
  /** Never throws and never waits: what cannot be taken is counted, and in the quarantine or declared lost in the ledger. */
  write(samples: readonly Sample[]): void;
}
