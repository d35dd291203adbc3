import type { z } from 'zod';
import type { Sample } from '../../contract/sample.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';

export interface Collected {
  readonly samples: readonly Sample[];
  /** Parts that could not be read; the rest is still good. */
  readonly errors: readonly Error[];
  /**
   * Called once with what became of the samples: true when they are on the agent's disk, false when they never will be.
   * For sources that tell their sender so.
   */
  readonly settle?: (isDurable: boolean) => void;
}

/** One source on this gateway. The scheduler never calls collect() while a previous call is pending. */
export interface Collector {
  readonly name: string;
  /** Reads the source once. One dead target is an entry in `errors`; reject only if nothing could be read. */
  collect(signal: AbortSignal): Promise<Collected>;
  close(): Promise<void>;
}

export interface CollectorDeps {
  readonly clock: Clock;
  readonly log: Logger;
  /** Tags that belong on every sample of this agent: `host`, and `site`, `unit` where known. */
  readonly commonTags: Readonly<Record<string, string>>;
  /** The agent's own directory, for what must outlast a restart; missing where nothing is to be kept. */
  readonly dataDirectory?: string;
  /**
   * Takes samples between two runs, where senders cannot wait for the next; must be settled as those of a run. Missing where
   * samples are looked at only.
   */
  readonly handOver?: (samples: readonly Sample[], settle: NonNullable<Collected['settle']>) => void;
  /** Names this collector to others, such as brokers; one of its own in the city. Missing where it is only tried. */
  readonly identity?: string;
  /** It is read once, to be looked at: a source that is told things waits for them, and takes them from nobody. */
  readonly isTrial?: boolean;
}

/** What a run depends on beyond the network, for `wardwatch doctor` to look at beforehand. */
export interface CollectorNeeds {
  /** Addresses and names that it speaks to. */
  readonly hosts?: readonly string[];
  /** Files and directories that it reads. */
  readonly readable?: readonly string[];
  /** It sends ICMP through the system's ping. */
  readonly icmp?: boolean;
}

/** What edge/collectors/index.ts lists. create() does no I/O. */
export interface CollectorKind<Config> {
  readonly kind: string;
  readonly configSchema: z.ZodType<Config>;
  readonly defaultIntervalMs: number;
  /** The shortest interval in which a run of this config can end, where the kind knows. */
  minimumIntervalMs?(config: Config): number;
  /** The longest interval at which this config still finds what it looks for, where the kind knows. */
  maximumIntervalMs?(config: Config): number;
  needs?(config: Config): CollectorNeeds;
  /** Rates need an earlier reading, at least so long before: `--once` reads twice. */
  readonly rateBaseMs?: number;
  create(config: Config, deps: CollectorDeps): Collector;
}
