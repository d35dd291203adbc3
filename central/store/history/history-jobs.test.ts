import { describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import type { RetentionLimits } from './levels.ts';
import { StoreUnavailableError } from '../sample-store.ts';
import { createHistoryJobs, type HistoryJobsDeps } from './history-jobs.ts';

const DAY_MS = 86_400_000;
const NOW = 1_800_000_000_000;
const { signal } = new AbortController();
const agreed = { nowMs: NOW, newestMeasuredAtMs: NOW - 500, areClocksAgreed: true };

function start(change: Partial<HistoryJobsDeps> = {}, pieceMs = 1_000, pieces = 3) {
  const clock = new ManualClock();
  const rolled: number[] = [];
  const deleted: RetentionLimits[] = [];
  let left = pieces;
  const { jobs, lagMs } = createHistoryJobs({
    store: {
      rollUp: async (upToMs) => {
        rolled.push(upToMs);
        await clock.advance(pieceMs);
        return left-- > 0;
      },
      deleteBefore: (limits) => {
        deleted.push(limits);
        return Promise.resolve();
      },
    },
    clock,
    log: silentLogger,
    retention: { rawMs: 7 * DAY_MS, minuteMs: 90 * DAY_MS, hourMs: 1_095 * DAY_MS },
    readTime: () => agreed,
    ...change,
  });
  const [history, retention] = jobs;
  if (history === undefined || retention === undefined) throw new Error('two jobs were expected');
  return { history, retention, rolled, deleted, clock, lagMs };
}

describe('history', () => {
  it('is made up to two minutes before the newest sample, piece by piece until there is none', async () => {
    const { history, rolled } = start();
    await history.run(signal);
    expect(rolled).toEqual(Array.from({ length: 4 }, () => NOW - 500 - 120_000));
  });

  it('takes a tenth of a minute where there is more than that', async () => {
    const { history, rolled } = start({}, 2_500, 100);
    await history.run(signal);
    expect(rolled).toHaveLength(3);
  });

  it('is behind since it last was up to date, or since the start', async () => {
    const { history, clock, lagMs } = start({}, 2_500, 4);
    await clock.advance(60_000);
    expect(lagMs()).toBe(60_000);
    // Three pieces, and the fourth in the next minute.
    await history.run(signal);
    expect(lagMs()).toBe(67_500);
    await clock.advance(52_500);
    await history.run(signal);
    expect(lagMs()).toBe(0);
    await clock.advance(60_000);
    expect(lagMs()).toBe(60_000);
  });

  it('waits while the clocks disagree, and nothing is deleted then', async () => {
    const { history, retention, rolled, deleted } = start({
      readTime: () => ({ ...agreed, areClocksAgreed: false }),
    });
    await history.run(signal);
    await retention.run(signal);
    expect([rolled, deleted]).toEqual([[], []]);
  });

  it('says once that the store does not take it', async () => {
    const log = silentLogger.child({});
    const told = vi.spyOn(log, 'error');
    const store = {
      rollUp: () => Promise.reject(new StoreUnavailableError('away')),
      deleteBefore: () => Promise.resolve(),
    };
    const { history } = start({ log, store });
    await history.run(signal);
    await history.run(signal);
    expect(told).toHaveBeenCalledTimes(1);
  });
});

it('each level has a time of its own', async () => {
  const { retention, deleted } = start();
  await retention.run(signal);
  const newest = NOW - 500;
  expect(deleted).toEqual([
    { rawMs: newest - 7 * DAY_MS, minuteMs: newest - 90 * DAY_MS, hourMs: newest - 1_095 * DAY_MS },
  ]);
});
