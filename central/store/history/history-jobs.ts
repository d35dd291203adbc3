import type { Clock } from '../../../runtime/clock.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { StoreUnavailableError, type SampleStore } from '../sample-store.ts';
import type { Job } from '../../jobs/jobs.ts';
import type { Part } from '../../jobs/part.ts';
import { retentionLimitMs, type RetentionInputs } from '../../jobs/retention-limit.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Younger samples wait: nearly all of a time have come by then, and what comes later costs more. */
const CLOSED_AFTER_MS = 2 * MINUTE_MS;
/** Of each minute: what was missed for days is rolled up beside everything else. */
const LONGEST_RUN_MS = 6_000;

export interface HistoryJobsDeps {
  readonly store: Pick<SampleStore, 'rollUp' | 'deleteBefore'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Logger;
  /** How long each is kept. */
  readonly retention: { readonly rawMs: number; readonly minuteMs: number; readonly hourMs: number };
  readonly readTime: () => Omit<RetentionInputs, 'retentionMs'>;
}

export interface HistoryJobs extends Part<object> {
  readonly jobs: readonly Job[];
  /** Since everything that was due was rolled up; before the first time since the start. Nothing is while the clocks are in doubt. */
  readonly lagMs: () => number;
}

/** Samples become minutes and hours, and are deleted after that. Neither while the clocks are in doubt. */
export function createHistoryJobs({ store, clock, log, retention, readTime }: HistoryJobsDeps): HistoryJobs {
  let isFailing = false;
  let doneAtMs = clock.monotonicMs();
  const rollUp = async (upToMs: number, signal: AbortSignal): Promise<void> => {
    const endMs = clock.monotonicMs() + LONGEST_RUN_MS;
    while (clock.monotonicMs() < endMs) {
      if (!(await store.rollUp(upToMs, signal))) {
        doneAtMs = clock.monotonicMs();
        return;
      }
      signal.throwIfAborted();
    }
  };
  const jobs: readonly Job[] = [
    {
      name: 'history',
      everyMs: MINUTE_MS,
      run: async (signal) => {
        const upToMs = retentionLimitMs({ ...readTime(), retentionMs: CLOSED_AFTER_MS });
        if (upToMs === undefined) return;
        try {
          await rollUp(upToMs, signal);
          isFailing = false;
        } catch (err) {
          if (!(err instanceof StoreUnavailableError)) throw err;
          // The store being away is told elsewhere, and every minute is too often.
          if (!isFailing && !signal.aborted)
            log.error({ err }, 'samples cannot be rolled up, and are kept until they are');
          isFailing = true;
        }
      },
    },
    {
      name: 'retention',
      everyMs: HOUR_MS,
      run: async (signal) => {
        const time = readTime();
        const limit = (retentionMs: number): number | undefined => retentionLimitMs({ ...time, retentionMs });
        const [rawMs, minuteMs, hourMs] = [
          limit(retention.rawMs),
          limit(retention.minuteMs),
          limit(retention.hourMs),
        ];
        if (rawMs === undefined || minuteMs === undefined || hourMs === undefined) {
          log.warn(time, 'nothing old is deleted: clocks disagree, or nothing new was stored');
        } else {
          await store.deleteBefore({ rawMs, minuteMs, hourMs }, signal);
        }
      },
    },
  ];
  return { shared: {}, jobs, lagMs: () => clock.monotonicMs() - doneAtMs };
}
