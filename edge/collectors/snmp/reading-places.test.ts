import { setMaxListeners } from 'node:events';
import { beforeEach, expect, it } from 'vitest';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { ReadingPlaces } from './reading-places.ts';

const { signal } = new AbortController();
setMaxListeners(0, signal);
let clock: ManualClock;
let places: ReadingPlaces;
let leaving: (() => void)[];

beforeEach(() => {
  clock = new ManualClock();
  places = new ReadingPlaces(clock);
  leaving = [];
  for (let device = 0; device < 20; device++)
    void places.acquire(signal).then((leave) => leaving.push(leave));
});

it('devices that are read at once are read a few at a time', async () => {
  await clock.advance(1);
  expect(leaving).toHaveLength(3);
  leaving[0]?.();
  await clock.advance(1);
  expect(leaving).toHaveLength(4);
});

it('slow ones are read beside each other, up to sixteen', async () => {
  await clock.advance(500);
  expect(leaving).toHaveLength(6);
  await clock.advance(5_000);
  expect(leaving).toHaveLength(16);
  expect(places.isWaitedFor).toBe(true);
  for (const leave of leaving.slice(0, 4)) leave();
  await clock.advance(5_000);
  expect(leaving).toHaveLength(20);
});

it('who gives up waiting leaves no place taken', async () => {
  const gone = new AbortController();
  const refused = places.acquire(gone.signal).catch((error: unknown) => error);
  gone.abort('too late');
  expect(await refused).toBe('too late');
  await clock.advance(60_000);
  for (const leave of leaving.splice(0)) leave();
  await clock.advance(60_000);
  expect(leaving).toHaveLength(4);
});
