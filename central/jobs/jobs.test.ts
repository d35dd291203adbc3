import { expect, it } from 'vitest';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { createJobs, type Job } from './jobs.ts';

const { signal } = new AbortController();

async function start(clock: ManualClock, ...jobs: readonly Job[]) {
  const service = createJobs(jobs, { clock, log: silentLogger });
  await service.start(signal);
  return service;
}

it('runs each job at its own pace, on the clock that it is given', async () => {
  const clock = new ManualClock();
  const ran: string[] = [];
  const jobs = await start(
    clock,
    { name: 'second', everyMs: 1_000, run: () => void ran.push('second') },
    { name: 'minute', everyMs: 60_000, run: () => void ran.push('minute') },
  );
  await clock.advance(60_000);
  expect(ran.filter((name) => name === 'second')).toHaveLength(60);
  expect(ran.filter((name) => name === 'minute')).toHaveLength(1);
  await jobs.stop();
});

it('goes on after a run that failed', async () => {
  const clock = new ManualClock();
  let runs = 0;
  const run = (): Promise<void> => Promise.reject(new Error(`run ${++runs}`));
  const jobs = await start(clock, { name: 'failing', everyMs: 1_000, run });
  await clock.advance(3_000);
  expect(runs).toBe(3);
  await jobs.stop();
});

it('does not run a job again while it runs, and leaves out the turns that it missed', async () => {
  const clock = new ManualClock();
  const startedAtMs: number[] = [];
  const origin = clock.monotonicMs();
  const run = async (): Promise<void> => {
    startedAtMs.push(clock.monotonicMs() - origin);
    await clock.sleep(2_500);
  };
  const jobs = await start(clock, { name: 'slow', everyMs: 1_000, run });
  await clock.advance(8_000);
  expect(startedAtMs).toEqual([1_000, 4_000, 7_000]);
  const stopped = jobs.stop();
  await clock.advance(10_000);
  await stopped;
});

it('tells a running job that central stops, waits for it, and starts none after that', async () => {
  const clock = new ManualClock();
  let ended = 0;
  const run = async (stopping: AbortSignal): Promise<void> => {
    await clock.sleep(60_000, stopping).catch(() => undefined);
    ended++;
  };
  const jobs = await start(clock, { name: 'long', everyMs: 1_000, run });
  await clock.advance(1_000);
  await jobs.stop();
  expect(ended).toBe(1);
  await clock.advance(120_000);
  expect(ended).toBe(1);
  expect(clock.sleeperCount).toBe(0);
});

it('does not wait for ever for a job that takes no notice of the stop', async () => {
  const clock = new ManualClock();
  const jobs = await start(clock, { name: 'deaf', everyMs: 1_000, run: () => new Promise(() => undefined) });
  await clock.advance(1_000);
  const stopped = jobs.stop();
  await clock.advance(2_000);
  await stopped;
});

it('of any number wait without a warning of Node', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): number => warnings.push(warning);
  process.on('warning', note);
  const many = Array.from({ length: 40 }, (_, at) => ({
    name: `${at}`,
    everyMs: 60_000,
    run: () => undefined,
  }));
  const jobs = createJobs(many, { clock: systemClock, log: silentLogger });
  await jobs.start(signal);
  // Warnings are told in a turn of their own.
  await new Promise((resolve) => setImmediate(resolve));
  await jobs.stop();
  process.off('warning', note);
  expect(warnings).toEqual([]);
});
