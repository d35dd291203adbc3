import { isDeepStrictEqual } from 'node:util';
import type { Sample } from '../../contract/sample.ts';
import type { Clock } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { withTimeout, type Service } from '../../runtime/service.ts';
import type { Collector } from '../collectors/collector.ts';
import type { CollectorConfig } from '../config/collectors-config.ts';
import { collectorSample } from './collector-sample.ts';
import type { CollectorHealth } from './health.ts';
import { createScheduler, type SchedulerDeps } from './scheduler.ts';

/** Runs of one collector since the last replace(). */
export interface RunCounts {
  readonly runs: number;
  /** Runs without a result. */
  readonly failures: number;
  readonly lastError: string | undefined;
}

export interface CollectorSetDeps {
  readonly agent: string;
  /** Makes a collector, without I/O; may throw. */
  readonly create: (config: CollectorConfig) => Collector;
  readonly sink: SchedulerDeps['sink'];
  readonly commonTags: Sample['tags'];
  readonly clock: Clock;
  readonly log: Logger;
}

/** A collector that does not close in time is abandoned, so that the others can run. */
const STOP_TIMEOUT_MS = 5_000;

interface Running {
  readonly config: CollectorConfig;
  readonly scheduler: Service;
}

/** The running collectors. replace() restarts only those whose config changed. */
export class CollectorSet {
  readonly #deps: CollectorSetDeps;
  readonly #running = new Map<string, Running>();
  #runCounts = new Map<string, RunCounts>();

  constructor(deps: CollectorSetDeps) {
    this.#deps = deps;
  }

  get names(): readonly string[] {
    return [...this.#running.keys()];
  }

  /** Infinity while none runs. */
  get shortestIntervalMs(): number {
    return Math.min(...[...this.#running.values()].map(({ config }) => config.intervalMs));
  }

  /** By collector, since the last replace(). */
  get runCounts(): ReadonlyMap<string, RunCounts> {
    return this.#runCounts;
  }

  /** Throws when one of the new collectors cannot be made; then nothing has changed. */
  async replace(configs: readonly CollectorConfig[]): Promise<void> {
    const changed = configs.filter((config) => !isSame(this.#running.get(config.name)?.config, config));
    const made = await this.#makeAll(changed);
    const kept = new Set(configs.filter((config) => !changed.includes(config)).map(({ name }) => name));
    const leaving = [...this.#running].filter(([name]) => !kept.has(name));
    for (const [name] of leaving) this.#running.delete(name);
    // Closed before the new ones start: a port or a budget can have one holder only.
    await Promise.all(leaving.map(async ([name, { scheduler }]) => this.#stop(name, scheduler)));
    this.#runCounts = new Map();
    for (const { config, collector } of made) {
      const scheduler = this.#schedule(config, collector);
      this.#running.set(config.name, { config, scheduler });
      await scheduler.start(new AbortController().signal);
    }
  }

  async close(): Promise<void> {
    const leaving = [...this.#running];
    this.#running.clear();
    await Promise.all(leaving.map(async ([name, { scheduler }]) => this.#stop(name, scheduler)));
  }

  async #makeAll(configs: readonly CollectorConfig[]) {
    const made: { readonly config: CollectorConfig; readonly collector: Collector }[] = [];
    try {
      for (const config of configs) made.push({ config, collector: this.#deps.create(config) });
      return made;
    } catch (error) {
      await Promise.allSettled(made.map(async ({ collector }) => collector.close()));
      const name = configs[made.length]?.name ?? '';
      throw new Error(`collector ${name} cannot be started: ${messageOf(error)}`, { cause: error });
    }
  }

  #schedule({ name, intervalMs, timeoutMs }: CollectorConfig, collector: Collector): Service {
    const { agent, sink, commonTags, clock, log } = this.#deps;
    let last: Pick<CollectorHealth, 'runs' | 'failures'> = { runs: 0, failures: 0 };
    let base = last;
    // Health is not reported after every run of a frequent job, so the counts since replace() are differences.
    const countRuns = (health: CollectorHealth): void => {
      if (!this.#runCounts.has(name)) base = last;
      const { runs, failures, lastError } = health;
      this.#runCounts.set(name, { runs: runs - base.runs, failures: failures - base.failures, lastError });
      last = health;
    };
    return createScheduler({
      agent,
      jobs: [{ name, collector, intervalMs, timeoutMs }],
      sink,
      describeHealth: (_job, health) => {
        countRuns(health);
        return [collectorSample(name, health, commonTags, clock.now())];
      },
      clock,
      log,
    });
  }

  async #stop(name: string, scheduler: Service): Promise<void> {
    try {
      await withTimeout(scheduler.stop(), STOP_TIMEOUT_MS, `stopping collector ${name}`);
    } catch (error) {
      this.#deps.log.error({ collector: name, err: error }, 'collector did not close');
    }
  }
}

function isSame(running: CollectorConfig | undefined, wanted: CollectorConfig): boolean {
  if (running === undefined || running.kind !== wanted.kind) return false;
  const { guard, ...settings } = running;
  const { guard: wantedGuard, ...wantedSettings } = wanted;
  // A guard follows from the settings and the agent's own file. What that file itself runs may go on without one; what ran
  // with one may do more when the file runs it.
  const mayGoOn = guard === undefined || wantedGuard !== undefined;
  return mayGoOn && isDeepStrictEqual(settings, wantedSettings);
}
