import type { Sample } from '../../contract/sample.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Service } from '../../runtime/service.ts';
import type { Collected, Collector } from '../collectors/collector.ts';
import { afterRun, FRESH, type CollectorHealth } from './health.ts';
import { runOnce } from './run-once.ts';
import { nextSlotMs, slotsOf } from './slots.ts';

export interface Job {
  /** Unique among the agent's jobs. */
  readonly name: string;
  readonly collector: Collector;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

export interface SchedulerDeps {
  /** Spreads this agent's jobs against those of other agents. */
  readonly agent: string;
  readonly jobs: readonly Job[];
  /** Must neither block nor throw. `settle`, where the collector wants to know, is told what became of the samples. */
  readonly sink: (samples: readonly Sample[], settle?: Collected['settle']) => void;
  /** Turns a job's health after a run into samples that travel with those of the run. */
  readonly describeHealth: (job: Job, health: CollectorHealth) => readonly Sample[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** Runs each collector on its own slots, never twice at once; one that fails, throws or hangs harms no other. */
export function createScheduler(deps: SchedulerDeps): Service {
  const stop = new AbortController();
  let loops: Promise<void>[] = [];
  let stopping: Promise<void> | undefined;

  const end = async (): Promise<void> => {
    stop.abort(new Error('the agent stops'));
    await Promise.all(loops);
    const closed = await Promise.allSettled(deps.jobs.map(async (job) => job.collector.close()));
    const failures = closed
      .filter((result) => result.status === 'rejected')
      .map((result): unknown => result.reason);
    if (failures.length > 0) throw new AggregateError(failures, 'collectors did not close');
  };

  return {
    name: 'scheduler',
    start: async () => {
      loops = deps.jobs.map((job) => runJob(job, deps, stop.signal));
    },
    stop: () => (stopping ??= end()),
  };
}

/** Ends when `signal` aborts, at the latest after the grace time of a run under way. */
async function runJob(job: Job, deps: SchedulerDeps, signal: AbortSignal): Promise<void> {
  const { clock } = deps;
  const slots = slotsOf(`${deps.agent}/${job.name}`, job.intervalMs);
  const startMs = clock.monotonicMs();
  const runner = createRunner(job, deps, signal);
  while (!signal.aborted) {
    try {
      await runner();
    } catch (error) {
      deps.log.error({ collector: job.name, err: error }, 'a run could not be handed on');
    }
    const sinceStartMs = clock.monotonicMs() - startMs;
    try {
      await clock.sleep(nextSlotMs(slots, sinceStartMs) - sinceStartMs, signal);
    } catch {
      return; // stopped while waiting
    }
  }
}

/** A job that runs more often tells its health so seldom, unless it begins or ceases to have problems. */
export const HEALTH_EVERY_MS = 10_000;

/** A function that runs the job once, keeps its health, and logs when it begins or ceases to have problems. */
function createRunner(job: Job, deps: SchedulerDeps, signal: AbortSignal): () => Promise<void> {
  const { clock, log } = deps;
  let health = FRESH;
  let isHanging = false;
  let toldMs = -Infinity;
  const tell = (before: CollectorHealth): readonly Sample[] => {
    const nowMs = clock.monotonicMs();
    const isChanged = (before.lastError === undefined) !== (health.lastError === undefined);
    if (job.intervalMs < HEALTH_EVERY_MS && !isChanged && nowMs - toldMs < HEALTH_EVERY_MS) return [];
    toldMs = nowMs;
    return deps.describeHealth(job, health);
  };
  return async () => {
    const before = health;
    if (isHanging) {
      const error = new Error('the run before still hangs');
      health = afterRun(health, { durationMs: 0, failed: true, errors: [error] });
      deps.sink(tell(before));
      return;
    }
    const result = await runOnce(job.collector, { timeoutMs: job.timeoutMs, clock, signal });
    if (signal.aborted) {
      deps.sink(result.samples, result.settle); // cut off by our own stop, which says nothing about the source
      return;
    }
    isHanging = true; // for a moment only, if collect() has ended
    void result.settled.then(() => (isHanging = false));
    health = afterRun(health, result);
    logChange(job.name, before, health, log);
    deps.sink([...result.samples, ...tell(before)], result.settle);
  };
}

function logChange(collector: string, before: CollectorHealth, after: CollectorHealth, log: Logger): void {
  if (after.lastError !== undefined && before.lastError === undefined) {
    log.warn({ collector, problem: after.lastError, problems: after.lastErrors }, 'a collector has problems');
  } else if (after.lastError === undefined && before.lastError !== undefined) {
    log.info({ collector }, 'a collector works again');
  }
}
