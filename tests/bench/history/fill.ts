import type { SampleStore } from '../../../central/store/sample-store.ts';
import type { BenchContext } from '../report/section.ts';
import { CityBatches } from './city-batches.ts';

/** A whole hour. */
export const START_MS = Date.UTC(2026, 9, 5);

const PARTS = 5;
const PIECES = 50;

export interface FillSize {
  /** Of the agents of the city, one in so many. */
  readonly everyNthAgent: number;
  readonly minutes: number;
  readonly intervalMs: number;
}

export interface Filled {
  readonly values: number;
  readonly endMs: number;
}

/** Writes simulated minutes as fast as the store takes them. */
export async function fill(
  store: SampleStore,
  { everyNthAgent, minutes, intervalMs }: FillSize,
  progress: BenchContext['progress'],
  signal: AbortSignal,
): Promise<Filled> {
  const tellPart = partTeller(progress);
  const city = new CityBatches(everyNthAgent);
  const endMs = START_MS + minutes * 60_000;
  let values = 0;
  // The next round is made while the store takes the last one.
  let writing: Promise<unknown> = Promise.resolve();
  for (let timeMs = START_MS; timeMs < endMs; timeMs += intervalMs) {
    const round = city.at(timeMs);
    const prepared = store.prepare(round.batch);
    await writing;
    writing = store.write([prepared], signal);
    values += round.values;
    tellPart((timeMs + intervalMs - START_MS) / (endMs - START_MS));
  }
  await writing;
  return { values, endMs };
}

/** Tells of each fifth of what is written. */
export function partTeller(progress: BenchContext['progress']): (part: number) => void {
  let told = 0;
  return (part) => {
    const now = Math.floor(part * PARTS);
    if (now > told) progress(`written ${(100 * now) / PARTS} %`);
    told = Math.max(told, now);
  };
}

/** Resolves with the seconds that it took. */
export async function rollUpAll(
  store: SampleStore,
  upToMs: number,
  progress: BenchContext['progress'],
  signal: AbortSignal,
): Promise<number> {
  const start = performance.now();
  for (let pieces = 1; await store.rollUp(upToMs, signal); pieces++)
    if (pieces % PIECES === 0) progress(`rolled up ${pieces} pieces`);
  return (performance.now() - start) / 1_000;
}
