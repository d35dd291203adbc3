import type { Sample } from '../../../contract/sample.ts';
import type { BusMessage } from '../../mqtt/bus.ts';

/** Another dialect on the bus: turns its messages into samples at the door. */
export interface Dialect {
  /** What it subscribes to; must not overlap with other filters. */
  readonly filters: readonly string[];
  /** One message; what it throws is counted and goes no further. */
  receive(message: BusMessage): void;
  /** Each second. */
  tick(nowMs: number): void;
  /** The pipe is there again: what was published meanwhile was not heard. */
  onConnected(): void;
  /** Central stops: what is still held back is given to the door now. */
  flush(): void;
}

export interface ForeignBatch {
  readonly agent: string;
  readonly samples: readonly Sample[];
  /** The sender's clock at sending. */
  readonly sentAtMs: number;
  /** History, sent late: never pages. */
  readonly backfill: boolean;
}

export interface RefusedSample {
  readonly sample: Sample;
  /** Of the validator. */
  readonly code: string;
}

export interface ForeignRefusal {
  readonly agent: string;
  readonly code: string;
  readonly reason: string;
  /** Values that are refused; without them it is a whole message. */
  readonly values?: number;
  readonly raw?: unknown;
  readonly payload?: Buffer;
}

/**
 * The same way in as for our own batches: validator, quarantine, observers, write buffer, store, ledger. But nothing is
 * acknowledged and nothing comes again: what cannot be taken is lost, and declared so in the ledger.
 */
export interface ForeignDoor {
  /** What the validator refused. Without room in the write buffer the samples are lost unchecked, and declared so. */
  take(batch: ForeignBatch): readonly RefusedSample[];
  /** Messages of this agent that never arrived; how many samples they held is not known. */
  declareLost(agent: string, messages: number): void;
  /** Counts and quarantines what is no sample. */
  refuse(refusal: ForeignRefusal): void;
  /** Counts values whose refusal has been told before. */
  countRefused(code: string, values: number): void;
}
