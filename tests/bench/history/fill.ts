import type { SampleStore } from '../../../central/store/sample-store.ts';
import { CityBatches } from './city-batches.ts';

/** A whole hour. */
export const START_MS = Date.UTC(2026, 9, 5);

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
  signal: AbortSignal,
): Promise<Filled> {
  const city = new CityBatches(everyNthAgent);
  const endMs = START_MS + minutes * 60_000;
  let values = 0;
  for (let timeMs = START_MS; timeMs < endMs; timeMs += intervalMs) {
    const round = city.at(timeMs);
    await store.write([store.prepare(round.batch)], signal);
    values += round.values;
  }
  return { values, endMs };
}

/** Resolves with the seconds that it took. */
export async function rollUpAll(store: SampleStore, upToMs: number, signal: AbortSignal): Promise<number> {
  const start = performance.now();
  while (await store.rollUp(upToMs, signal));
  return (performance.now() - start) / 1_000;
}
