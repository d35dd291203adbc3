import { setMaxListeners } from 'node:events';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Service } from '../../runtime/service.ts';

/** Work that is due again and again. */
export interface Job {
  readonly name: string;
  readonly everyMs: number;
  /** `signal` aborts when central stops. A failure is logged; the next turn comes all the same. */
  run(signal: AbortSignal): void | Promise<void>;
}

/** A statement of a store may not be interruptible: what it leaves undone is done by the next run. */
const STOP_WAIT_MS = 2_000;

/**
 * Runs each job every `everyMs`, first after one interval, never twice at once: turns that a slow run or a stopped
 * machine has missed are left out.
 */
export function createJobs(
  jobs: readonly Job[],
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): Service {
  const stopping = new AbortController();
  const { signal } = stopping;
  // Each job waits on it, and what it does may, too.
  setMaxListeners(10 + jobs.length, signal);
  let loops: Promise<void>[] = [];

  const running = new Set<string>();

  const runOnce = async (job: Job): Promise<void> => {
    running.add(job.name);
    try {
      await job.run(signal);
    } catch (err) {
      if (!signal.aborted) log.error({ job: job.name, err }, 'a job failed');
    } finally {
      running.delete(job.name);
    }
  };
  /** False: central stops. */
  const isReached = (dueMs: number): Promise<boolean> =>
    clock.sleep(Math.max(0, dueMs - clock.monotonicMs()), signal).then(
      () => true,
      () => false,
    );
  const loop = async (job: Job): Promise<void> => {
    let dueMs = clock.monotonicMs() + job.everyMs;
    while (await isReached(dueMs)) {
      await runOnce(job);
      const missed = Math.floor((clock.monotonicMs() - dueMs) / job.everyMs);
      dueMs += job.everyMs * (1 + Math.max(0, missed));
    }
  };

  return {
    name: 'jobs',
    start: () => {
      loops = jobs.map(loop);
      return Promise.resolve();
    },
    stop: async () => {
      stopping.abort(new Error('stopping'));
      const waiting = new AbortController();
      const ended = Promise.all(loops).then(() => waiting.abort());
      await Promise.race([ended, clock.sleep(STOP_WAIT_MS, waiting.signal).catch(() => undefined)]);
      if (running.size > 0) log.warn({ jobs: [...running] }, 'jobs still run; central stops without them');
    },
  };
}
