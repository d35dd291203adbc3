import { setTimeout as passes } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { KnobStore } from '../../ingest/testing/knob-store.ts';
import { RealWork } from './real-work.ts';

const { signal } = new AbortController();
const noFiles = (): Promise<void> => Promise.resolve();

it('keeps virtual time from passing while the store works, and what follows in other turns', async () => {
  const work = new RealWork();
  const knobs = new KnobStore();
  const store = work.watch(knobs);
  const clock = new ManualClock(0, () => work.whenDone(noFiles));
  knobs.waitFor = passes(30);
  const doneAtMs = (async () => {
    await clock.sleep(1_000);
    await store.write([], signal);
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    return clock.now();
  })();
  await clock.advance(60_000);
  expect(await doneAtMs).toBe(1_000);
});

it('waits for files, too, and goes on after what failed', async () => {
  const work = new RealWork();
  const knobs = new KnobStore();
  const store = work.watch(knobs);
  let flushed = false;
  knobs.waitFor = passes(5).then(() => Promise.reject(new Error('away')));
  const outcome = store.write([], signal).catch((error: unknown) => error);
  await work.whenDone(async () => {
    await passes(5);
    flushed = true;
  });
  expect(flushed).toBe(true);
  expect(await outcome).toMatchObject({ message: 'away' });
});
