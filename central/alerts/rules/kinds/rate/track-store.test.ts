import { describe, expect, it } from 'vitest';
import { Series } from '../../../../samples/series.ts';
import { TrackStore } from './track-store.ts';

const LIMITS = { maxTracks: 12, maxTracksPerAgent: 10, assuredPerAgent: 2 };
const HOUR_MS = 3_600_000;

function storeOf(): TrackStore<{ readonly name: string }> {
  return new TrackStore(() => ({ name: 'track' }), 600_000, LIMITS);
}

function seriesOf(count: number): Series[] {
  return Array.from({ length: count }, (_, at) => new Series('m', [`${at}`]));
}

describe('what a rule remembers of series', () => {
  it('is bounded for each agent: those that it has first stay', () => {
    const store = storeOf();
    const all = seriesOf(15);
    for (let round = 0; round < 3; round++) {
      const kept = all.map((series) => store.of('gw-1', series, round * 1_000) !== undefined);
      expect(kept).toEqual(all.map((_, at) => at < 10));
    }
    expect(store.size).toBe(10);
  });

  it('is bounded for all, with an assured share for each', () => {
    const store = storeOf();
    for (const series of seriesOf(10)) store.of('gw-1', series, 0);
    const found = seriesOf(4).map((series) => store.of('gw-2', series, 0) !== undefined);
    expect(found).toEqual([true, true, false, false]);
    expect(seriesOf(3).map((series) => store.of('gw-3', series, 0) !== undefined)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('is the same from row to row, and is forgotten once it is quiet, which makes room', () => {
    const store = storeOf();
    const [one, two, ...others] = seriesOf(11);
    const track = store.of('gw-1', one!, 0);
    store.of('gw-1', two!, 0);
    for (let atMs = 0; atMs <= HOUR_MS; atMs += 60_000) expect(store.of('gw-1', one!, atMs)).toBe(track);
    expect(store.size).toBe(1);
    expect(others.every((series) => store.of('gw-1', series, HOUR_MS) !== undefined)).toBe(true);
  });

  it('goes on where the clock of central is set back', () => {
    const store = storeOf();
    const [one, two] = seriesOf(2);
    store.of('gw-1', one!, 10 * HOUR_MS);
    const track = store.of('gw-1', two!, 0);
    expect(store.of('gw-1', two!, 1_000)).toBe(track);
  });
});
