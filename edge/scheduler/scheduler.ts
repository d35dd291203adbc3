import type { Sample } from '../../contract/sample.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Service } from '../../runtime/service.ts';
import type { Collected, Collector } from '../collectors/collector.ts';
import { afterRun, NO_RUNS, type CollectorHealth } from './health.ts';
import { runOnce } from './run-once.ts';
import { nextSlotMs, slotsOf } from './slots.ts';

export interface Job {
  /** Unique within the agent. */
  readonly name: string;
  readonly collector: Collector;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

export interface SchedulerDeps {
  /** Shifts this agent's jobs relative to those of other agents. */
  readonly agent: string;
  readonly jobs: readonly Job[];
  /** Must neither block nor throw. `reportDurable` is called with whether the samples are durable. */
  readonly sink: (samples: readonly Sample[], reportDurable?: Collected['reportDurable']) => void;
  /** Samples of a job's health after a run; they are delivered with those of the run. */
  readonly describeHealth: (job: Job, health: CollectorHealth) => readonly Sample[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** Runs each collector in its own time slots, never twice at once; a collector that fails or hangs does not affect others. */
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

/** Ends after `signal` aborts, at the latest after the grace time of a run in progress. */
async function runJob(job: Job, deps: SchedulerDeps, signal: AbortSignal): Promise<void> {
  const { clock } = deps;
  const slots = slotsOf(`${deps.agent}/${job.name}`, job.intervalMs);
  const startMs = clock.monotonicMs();
  const runner = createRunner(job, deps, signal);
  while (!signal.aborted) {
    try {
      await runner();
    } catch (error) {
      deps.log.error({ collector: job.name, err: error }, 'collector result could not be queued');
    }
    const sinceStartMs = clock.monotonicMs() - startMs;
    try {
      await clock.sleep(nextSlotMs(slots, sinceStartMs) - sinceStartMs, signal);
    } catch {
      return; // stopped
    }
  }
}

/** A job that runs more often reports its health only this often, unless errors begin or end. */
export const HEALTH_EVERY_MS = 10_000;

/** Returns a function that runs the job once, updates its health, and logs when errors begin or end. */
function createRunner(job: Job, deps: SchedulerDeps, signal: AbortSignal): () => Promise<void> {
  const { clock, log } = deps;
  let health = NO_RUNS;
  let isHanging = false;
  let reportedMs = -Infinity;
  const reportHealth = (before: CollectorHealth): readonly Sample[] => {
    const nowMs = clock.monotonicMs();
    const isChanged = (before.lastError === undefined) !== (health.lastError === undefined);
    if (job.intervalMs < HEALTH_EVERY_MS && !isChanged && nowMs - reportedMs < HEALTH_EVERY_MS) return [];
    reportedMs = nowMs;
    return deps.describeHealth(job, health);
  };
  return async () => {
    const before = health;
    if (isHanging) {
      const error = new Error('the previous run still hangs');
      health = afterRun(health, { durationMs: 0, failed: true, errors: [error] });
      deps.sink(reportHealth(before));
      return;
    }
    const result = await runOnce(job.collector, { timeoutMs: job.timeoutMs, clock, signal });
    if (signal.aborted) {
      deps.sink(result.samples, result.reportDurable); // aborted by stop(): no evidence about the source
      return;
    }
    isHanging = true; // reset at once if collect() has ended
    void result.settled.then(() => (isHanging = false));
    health = afterRun(health, result);
    logChange(job.name, before, health, log);
    deps.sink([...result.samples, ...reportHealth(before)], result.reportDurable);
  };
}

function logChange(collector: string, before: CollectorHealth, after: CollectorHealth, log: Logger): void {
  if (after.lastError !== undefined && before.lastError === undefined) {
    log.warn({ collector, err: after.lastError, errors: after.lastErrors }, 'collector has errors');
  } else if (after.lastError === undefined && before.lastError !== undefined) {
    log.info({ collector }, 'collector has no errors again');
  }
}
