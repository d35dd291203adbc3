import { describe, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import type { Collected, Collector } from '../collectors/collector.ts';
import type { CollectorHealth } from './health.ts';
import { GRACE_MS } from './run-once.ts';
import { createScheduler, type Job } from './scheduler.ts';
import { nextSlotMs, slotsOf } from './slots.ts';

const sample = (measurement: string): Sample => ({ measurement, tags: {}, fields: { value: 1 }, timeMs: 0 });
const signal = new AbortController().signal;

/** A scheduler over the given collectors, each every 10 s with a timeout of 5 s, and its results. */
function runOf(collects: Record<string, (signal: AbortSignal) => Promise<Collected>>) {
  const clock = new ManualClock();
  const startMs = clock.now();
  const samples: { readonly name: string; readonly atMs: number }[] = [];
  const health = new Map<string, CollectorHealth>();
  const closed: string[] = [];
  const jobs = Object.entries(collects).map(([name, collect]): Job => {
    const collector: Collector = { name, collect, close: async () => void closed.push(name) };
    return { name, collector, intervalMs: 10_000, timeoutMs: 5_000 };
  });
  const scheduler = createScheduler({
    agent: 'gw-1',
    jobs,
    sink: (taken) =>
      samples.push(...taken.map(({ measurement }) => ({ name: measurement, atMs: clock.now() - startMs }))),
    describeHealth: (job, state) => {
      health.set(job.name, state);
      return [];
    },
    clock,
    log: silentLogger,
  });
  const timesOf = (name: string) => samples.filter((taken) => taken.name === name).map((taken) => taken.atMs);
  return { clock, scheduler, timesOf, health, closed };
}

const returning = (name: string) => async (): Promise<Collected> => ({ samples: [sample(name)], errors: [] });

it('a job that runs each second reports its health every 10 s, and at once when errors begin or end', async () => {
  const clock = new ManualClock();
  const reported: { readonly runs: number; readonly ok: boolean }[] = [];
  let fails = false;
  const collector: Collector = {
    name: 'quick',
    collect: async () => ({ samples: [], errors: fails ? [new Error('half of it')] : [] }),
    close: async () => undefined,
  };
  const scheduler = createScheduler({
    agent: 'gw-1',
    jobs: [{ name: 'quick', collector, intervalMs: 1_000, timeoutMs: 1_000 }],
    sink: () => undefined,
    describeHealth: (_job, { runs, lastError }) => {
      reported.push({ runs, ok: lastError === undefined });
      return [];
    },
    clock,
    log: silentLogger,
  });
  await scheduler.start(signal);
  await clock.advance(30_000);
  expect(reported.length).toBeLessThanOrEqual(4);
  expect(reported.at(-1)?.runs).toBeGreaterThan(20);
  const before = reported.length;
  fails = true;
  await clock.advance(2_000);
  fails = false;
  await clock.advance(2_000);
  expect(reported.slice(before).map(({ ok }) => ok)).toEqual([false, true]);
  await scheduler.stop();
});

describe('the scheduler', () => {
  it('runs each collector at once, then in its own slots', async () => {
    const { clock, scheduler, timesOf } = runOf({ a: returning('a'), b: returning('b') });
    await scheduler.start(signal);
    await clock.advance(60_000);
    for (const name of ['a', 'b']) {
      const { firstGapMs } = slotsOf(`gw-1/${name}`, 10_000);
      const times = timesOf(name);
      expect(times.slice(0, 3)).toEqual([0, firstGapMs, firstGapMs + 10_000]);
      expect(times.length).toBeGreaterThanOrEqual(5);
    }
    expect(timesOf('a')[1]).not.toBe(timesOf('b')[1]);
    await scheduler.stop();
  });

  it('continues with the others when one throws, rejects, or returns nothing', async () => {
    const { clock, scheduler, timesOf, health } = runOf({
      throws: () => {
        throw new TypeError('boom');
      },
      rejects: async () => Promise.reject(new Error('switch is dead')),
      nothing: async () => undefined as unknown as Collected,
      good: returning('good'),
    });
    await scheduler.start(signal);
    await clock.advance(30_000);
    expect(timesOf('good').length).toBeGreaterThanOrEqual(3);
    expect(health.get('throws')).toMatchObject({ lastError: 'boom' });
    expect(health.get('rejects')).toMatchObject({ lastErrors: 1, lastError: 'switch is dead' });
    expect(health.get('rejects')?.failures).toBe(health.get('rejects')?.runs);
    await scheduler.stop();
  });

  it('keeps the samples of a run with errors, and clears the errors after the next', async () => {
    const errors = [new Error('one target is dead'), new Error('two')];
    const { clock, scheduler, timesOf, health } = runOf({
      partly: async () => ({ samples: [sample('partly')], errors: errors.splice(0) }),
    });
    await scheduler.start(signal);
    await clock.advance(0);
    expect(timesOf('partly')).toEqual([0]);
    expect(health.get('partly')).toMatchObject({
      runs: 1,
      failures: 0,
      lastErrors: 2,
      lastError: 'one target is dead',
    });
    await clock.advance(15_000);
    expect(health.get('partly')).toMatchObject({ runs: 2, failures: 0, lastErrors: 0, lastError: undefined });
    await scheduler.stop();
  });

  it('aborts a slow run at its timeout and takes what it returns then', async () => {
    const { clock, scheduler, timesOf, health } = runOf({
      slow: (stop) =>
        new Promise((resolve) => {
          stop.addEventListener('abort', () =>
            resolve({ samples: [sample('slow')], errors: [stop.reason as Error] }),
          );
        }),
    });
    await scheduler.start(signal);
    await clock.advance(5_000);
    expect(timesOf('slow')).toEqual([5_000]);
    expect(health.get('slow')).toMatchObject({
      failures: 0,
      lastDurationMs: 5_000,
      lastError: 'took longer than 5000 ms',
    });
    await scheduler.stop();
  });

  it('never runs a collector twice at once, however long it ignores its timeout', async () => {
    let running = 0;
    let calls = 0;
    let finish: () => void = () => undefined;
    const { clock, scheduler, timesOf, health } = runOf({
      unresponsive: async () => {
        calls++;
        expect(++running).toBe(1);
        if (calls === 1) await new Promise<void>((resolve) => (finish = resolve));
        running--;
        return { samples: [sample('unresponsive')], errors: [] };
      },
    });
    await scheduler.start(signal);
    await clock.advance(40_000);
    expect(calls).toBe(1);
    expect(health.get('unresponsive')).toMatchObject({ lastError: 'the previous run still hangs' });
    expect(health.get('unresponsive')?.failures).toBe(health.get('unresponsive')?.runs);
    expect(timesOf('unresponsive')).toEqual([]);
    finish();
    await clock.advance(10_000);
    expect(calls).toBe(2);
    expect(health.get('unresponsive')?.lastError).toBeUndefined();
    await scheduler.stop();
  });

  it('stops within the grace time although a collector ignores its signal, closes all, and reports no false errors', async () => {
    const { clock, scheduler, health, closed } = runOf({
      unresponsive: () => new Promise(() => undefined),
      polite: (stop) =>
        new Promise((_resolve, reject) => stop.addEventListener('abort', () => reject(stop.reason as Error))),
    });
    await scheduler.start(signal);
    await clock.advance(0);
    const stopped = scheduler.stop();
    expect(scheduler.stop()).toBe(stopped);
    await clock.advance(GRACE_MS);
    await stopped;
    expect(closed.sort()).toEqual(['polite', 'unresponsive']);
    expect(health.size).toBe(0);
    expect(clock.sleeperCount).toBe(0);
  });

  it('reports to a collector that a late result was discarded', async () => {
    const reported: boolean[] = [];
    let finish: () => void = () => undefined;
    const { clock, scheduler, timesOf } = runOf({
      unresponsive: async () => {
        await new Promise<void>((resolve) => (finish = resolve));
        return {
          samples: [sample('unresponsive')],
          errors: [],
          reportDurable: (isDurable) => reported.push(isDurable),
        };
      },
    });
    await scheduler.start(signal);
    await clock.advance(5_000 + GRACE_MS);
    finish();
    await clock.advance(0);
    expect(reported).toEqual([false]);
    expect(timesOf('unresponsive')).toEqual([]);
    const stopped = scheduler.stop();
    await clock.advance(GRACE_MS);
    await stopped;
  });

  it('can be stopped before it was started', async () => {
    const { scheduler, closed } = runOf({ a: returning('a') });
    await scheduler.stop();
    expect(closed).toEqual(['a']);
  });
});

describe('slots', () => {
  it('skip those missed during a long run or a suspend', () => {
    const slots = { intervalMs: 10_000, firstGapMs: 7_000 };
    expect([0, 6_999, 7_000, 16_999, 17_000, 100_000].map((since) => nextSlotMs(slots, since))).toEqual([
      7_000, 7_000, 17_000, 17_000, 27_000, 107_000,
    ]);
  });

  it('spread a thousand gateways evenly', () => {
    const quarters = [0, 0, 0, 0];
    for (let gateway = 0; gateway < 1_000; gateway++) {
      const { firstGapMs } = slotsOf(`gw-${gateway}/server`, 10_000);
      const quarter = Math.floor((firstGapMs - 5_000) / 2_500);
      quarters[quarter] = (quarters[quarter] ?? 0) + 1;
    }
    for (const count of quarters) expect(count).toBeGreaterThan(200);
  });
});
