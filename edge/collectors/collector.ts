import type { z } from 'zod';
import type { Sample } from '../../contract/sample.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { ReadYaml } from '../../runtime/yaml-thread.ts';
import type { Reaches } from '../protocols/reach.ts';
import type { CollectorGuard } from './collector-guard.ts';

export interface Collected {
  readonly samples: readonly Sample[];
  /** Parts that could not be read; the samples are still valid. */
  readonly errors: readonly Error[];
  /**
   * Called once: with true when the samples are on the agent's disk, with false when they never will be. For sources that
   * acknowledge to their sender.
   */
  readonly reportDurable?: (isDurable: boolean) => void;
}

/** One source on this gateway. The scheduler never calls collect() while a previous call is pending. */
export interface Collector {
  readonly name: string;
  /** Reads the source once. One dead target is an entry in `errors`; reject only if nothing could be read. */
  collect(signal: AbortSignal): Promise<Collected>;
  close(): Promise<void>;
}

export interface CollectorDeps {
  /** What a config from central may reach; whatever connects or opens a file takes it. Missing for the agent's own file. */
  readonly guard?: CollectorGuard;
  readonly clock: Clock;
  readonly log: Logger;
  /** Tags that belong on every sample of this agent: `host`, and `site`, `unit` where known. */
  readonly commonTags: Readonly<Record<string, string>>;
  /** The agent's data directory, for state that survives a restart; missing when nothing may be written. */
  readonly dataDirectory?: string;
  /** Reads YAML of others beside everything else. Missing where there is nothing else to do meanwhile. */
  readonly readYaml?: ReadYaml;
  /** Of edge.yaml: device profiles of the operator; missing when there are none. */
  readonly profilesDirectory?: string;
  /**
   * Queues samples between two runs, for senders that cannot wait for the next one. `reportDurable` as in Collected.
   * Missing when samples are only printed.
   */
  readonly handOver?: (
    samples: readonly Sample[],
    reportDurable: NonNullable<Collected['reportDurable']>,
  ) => void;
  /** How long a run may take before its signal aborts. Missing in a test. */
  readonly timeoutMs?: number;
  /** Unique in the city: the client id at brokers. Missing in a trial. */
  readonly identity?: string;
  /** One read whose samples are only shown: a push source waits for messages and takes none from the running agent. */
  readonly isTrial?: boolean;
}

/** What a run depends on, for `wardwatch doctor` to check beforehand. */
export interface CollectorNeeds {
  /** Addresses and names that it connects to. */
  readonly hosts?: readonly string[];
  /** Files and directories that it reads. */
  readonly readable?: readonly string[];
  /** Listens where one process can: while the agent runs, nobody else can try it. */
  readonly listens?: boolean;
  /** Needs the system's ping. */
  readonly icmp?: boolean;
}

/** What edge/collectors/index.ts lists. Loaded for a configuration that names the kind: an agent holds only the code that it runs. */
export interface ListedKind {
  readonly kind: string;
  readonly load: () => Promise<CollectorKind<unknown>>;
}

/** What a kind's file exports. create() does no I/O. */
export interface CollectorKind<Config> {
  readonly kind: string;
  readonly configSchema: z.ZodType<Config>;
  readonly defaultIntervalMs: number;
  /** The shortest interval in which a run of this config can end, if known. */
  minimumIntervalMs?(config: Config): number;
  /** The longest interval at which this config still works, if there is one. */
  maximumIntervalMs?(config: Config): number;
  needs?(config: Config): CollectorNeeds;
  /** All that the config makes the agent connect to, open, or send secrets to: what a config from central is checked by. */
  reaches(config: Config): Reaches;
  /** Rates need an earlier reading, at least this long before: `--once` reads twice. */
  readonly rateBaseMs?: number;
  create(config: Config, deps: CollectorDeps): Collector;
}
