import type { Sample } from '../../../contract/sample.ts';

/** Samples of one agent. */
export interface AgentSamples {
  readonly agent: string;
  readonly samples: readonly Sample[];
  /** The sender's clock at sending. */
  readonly sentAtMs: number;
  /** History, sent late: raises no alert. */
  readonly backfill: boolean;
}

export interface RefusedSample {
  readonly sample: Sample;
  /** The validator's code. */
  readonly code: string;
}

export interface IntakeRefusal {
  readonly agent: string;
  readonly code: string;
  readonly reason: string;
  /** How many values are refused; without it a whole message is. */
  readonly values?: number;
  readonly raw?: unknown;
  readonly payload?: Buffer;
}

/**
 * For samples that do not come as batches of an edge agent. They pass validator, quarantine, observers, write buffer,
 * store and ledger like those, but nothing is acknowledged and nothing is sent again: samples for which the write
 * buffer has no space are lost, and declared lost in the ledger.
 */
export interface SampleIntake {
  /** Returns what the validator refused; samples that are lost are not validated. */
  take(samples: AgentSamples): readonly RefusedSample[];
  /** Declares messages of this agent lost that never arrived; how many samples they held is not known. */
  declareLost(agent: string, messages: number): void;
  /** Counts and quarantines what could not be turned into samples. */
  refuse(refusal: IntakeRefusal): void;
  /** Counts values whose refusal is in the quarantine already. */
  countRefused(code: string, values: number): void;
}
