import type { Sample } from '../../contract/sample.ts';

/** For central's own samples; they are stored under the agent name `central`. */
export interface OwnSamples {
  /** Never throws, never waits. A sample that cannot be stored is counted, and quarantined or declared lost in the ledger. */
  write(samples: readonly Sample[]): void;
}
