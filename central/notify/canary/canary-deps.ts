import type { Clock, Random } from '../../../runtime/clock.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { Bus } from '../../mqtt/bus.ts';
import type { OwnSamples } from '../../samples/own-samples.ts';
import type { Channel } from '../channels/channel.ts';
import type { HopView } from './hops.ts';
import type { PassRecord } from './pass-record.ts';

/** Other parts of central: what they know of the canary is asked once they all exist. */
export interface CanaryDeps {
  readonly publish: Bus['publish'];
  readonly isStored: (agent: string, epoch: string, seq: number) => boolean;
  /** False: the store has its own alarm, and is no hop meanwhile. */
  readonly isStoreThere: () => boolean;
  readonly isPlaced: (alertId: string) => boolean;
  readonly receipts: (
    alertId: string,
  ) => readonly { readonly channel: string; readonly what: string; readonly state: string }[];
  /** Without any the way ends with the incident. */
  readonly channels: readonly Channel[] | undefined;
  /** For how long central itself stood still, since its start. */
  readonly stalledMs: () => number;
  readonly passes: PassRecord;
  readonly deleteOld: (beforeMs: number) => void;
  readonly own: () => OwnSamples;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

export interface CanaryStanding extends CanaryStats {
  readonly sinceStartMs: number;
}

export interface CanaryStats {
  /** When the newest run that is over began, Unix ms; undefined: there is none since the start. */
  readonly ranAtMs: number | undefined;
  /** When the newest run that got through every hop began, Unix ms, also before the start; undefined: none did. */
  readonly passedAtMs: number | undefined;
  /** From the sample to the receipt of its message; undefined: not lately. */
  readonly latencyMs: number | undefined;
  readonly hops: readonly HopView[];
}
