import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { Series } from '../../samples/series.ts';
import type { SampleBatch } from '../../samples/sample-table.ts';
import { rollUpAll, writeTo } from '../contract/fixture.ts';
import type { HeldBatches, SampleStore, StoreOpening } from '../sample-store.ts';
import { createDuckDbStore } from './store.ts';

const BATCHES = 40;
const POINTS = 3;
/** Places that are tried, and how many of the first bytes are left out between two. */
const [PLACES, STEP] = process.env['WARDWATCH_ABUSE_LONG'] === undefined ? [8, 4] : [400, 1];
const signal = new AbortController().signal;
const FILE = 'wardwatch.duckdb';

let scratch: string;
/** As `kill -9` leaves it: nothing is in the file yet, everything in the log. */
let killed: string;
/** The same after a checkpoint in the middle. */
let killedLater: string;
let directory: string;

const batch = (seq: number): SampleBatch => ({
  agent: 'gw-1',
  epoch: 'abcdefgh',
  seq,
  tables: [
    {
      measurement: 'ping',
      tags: ['agent', 'device'],
      fields: ['average_response_ms'],
      rows: Array.from({ length: POINTS }, (_, row) => ({
        series: new Series('ping', ['gw-1', `n-${row}`]),
        timeMs: 1_000 * seq,
        values: [seq],
      })),
    },
  ],
});

function openable(path: string): SampleStore {
  const repair = { now: () => Date.UTC(2026, 10, 29, 20, 41, 12) };
  return createDuckDbStore({ file: join(path, FILE), catalogue: CATALOGUE, log: silentLogger, repair });
}

function snapshot(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    if (name === FILE || name === `${FILE}.wal`) copyFileSync(join(from, name), join(to, name));
  }
}

async function storedPoints(store: SampleStore): Promise<number> {
  const query = { measurement: 'ping', field: 'average_response_ms', fromMs: 0, toMs: 1e12 } as const;
  const { series } = await store.query(
    { ...query, aggregate: 'last', groupBy: [], tags: {}, maxPoints: 10_000 },
    signal,
  );
  return series.reduce((sum, { points }) => sum + points.length, 0);
}

const batchesIn = (held: readonly HeldBatches[]): number =>
  held.flatMap(({ ranges }) => ranges).reduce((sum, [from, to]) => sum + to - from + 1, 0);

/** Opens what is in `directory`; the batches that it holds are those whose points are there, and it can be written to. */
async function opening(): Promise<Omit<StoreOpening, 'adopt'> & { readonly batches: number }> {
  const store = openable(directory);
  await store.open(signal);
  let found: StoreOpening | undefined;
  await store.onOpened?.(async (each) => {
    found = each;
    if (each.held === undefined) await each.adopt([]);
    return BATCHES - batchesIn(each.held ?? []);
  });
  if (found === undefined) throw new Error('the store did not tell of its opening');
  if (found.held === undefined) {
    expect(await writeTo(store, [batch(BATCHES + 1)])).toEqual([]);
    await store.close();
    return { ...found, batches: 0 };
  }
  const batches = batchesIn(found.held);
  expect(found.held.reduce((sum, { points }) => sum + points, 0)).toBe(batches * POINTS);
  expect(await storedPoints(store)).toBe(batches * POINTS);
  expect(await writeTo(store, [batch(BATCHES + 1)])).toEqual([]);
  expect(await storedPoints(store)).toBe((batches + 1) * POINTS);
  await store.close();
  return { ...found, batches };
}

const aside = (): string[] => readdirSync(directory).filter((name) => name.includes('.damaged-'));

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'wardwatch-damaged-'));
  killed = mkdtempSync(join(scratch, 'killed-'));
  killedLater = mkdtempSync(join(scratch, 'later-'));
  const live = mkdtempSync(join(scratch, 'live-'));
  let store = openable(live);
  await store.open(signal);
  for (let seq = 1; seq <= BATCHES; seq++) {
    await writeTo(store, [batch(seq)]);
    if (seq === BATCHES / 2) {
      snapshot(live, killedLater);
    }
  }
  snapshot(live, killed);
  await store.close();
  // Opened and closed, the first half is in the file; the second is written to the log.
  store = openable(killedLater);
  await store.open(signal);
  await store.close();
  store = openable(killedLater);
  await store.open(signal);
  for (let seq = BATCHES / 2 + 1; seq <= BATCHES; seq++) await writeTo(store, [batch(seq)]);
  const later = mkdtempSync(join(scratch, 'later-'));
  snapshot(killedLater, later);
  await store.close();
  killedLater = later;
});
afterAll(() => rmSync(scratch, { recursive: true }));

function restore(from: string): string {
  directory = mkdtempSync(join(scratch, 'case-'));
  snapshot(from, directory);
  return join(directory, `${FILE}.wal`);
}

function flip(path: string, at: number, bit = 0): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  writeFileSync(path, bytes);
}

/** Evenly through the file, with the first bytes one by one. */
const places = (size: number, count: number): number[] => [
  ...Array.from({ length: 40 / STEP }, (_, at) => at * STEP),
  ...Array.from({ length: count }, (_, at) => 40 + Math.floor(((size - 41) * (at + 0.37)) / count)),
];

describe('the log of the embedded store after kill -9', () => {
  beforeEach(() => restore(killed));

  it('whole, gives every batch, and no copy of it stays', async () => {
    expect(await opening()).toMatchObject({ batches: BATCHES, damage: [] });
    expect(aside()).toEqual([]);
  });

  it('emptied, gives none, and says so by what the store holds', async () => {
    truncateSync(join(directory, `${FILE}.wal`), 0);
    expect(await opening()).toMatchObject({ batches: 0, damage: [] });
  });

  it('gone, gives none', async () => {
    rmSync(join(directory, `${FILE}.wal`));
    expect(await opening()).toMatchObject({ batches: 0 });
  });

  it('cut at any byte, gives the batches before the cut, and the log as it was found stays', async () => {
    const size = readFileSync(join(killed, `${FILE}.wal`)).length;
    let before = 0;
    for (const at of places(size, PLACES)) {
      truncateSync(restore(killed), at);
      const { batches } = await opening();
      expect(batches, `cut at ${at}`).toBeGreaterThanOrEqual(before);
      expect(batches).toBeLessThan(BATCHES);
      expect(at === 0 || aside().length === 1, `cut at ${at}: ${aside().join()}`).toBe(true);
      before = batches;
    }
  }, 600_000);

  it('with one wrong bit anywhere, gives the batches before it, and the whole log is put aside', async () => {
    const size = readFileSync(join(killed, `${FILE}.wal`)).length;
    for (const at of places(size, PLACES)) {
      const log = restore(killed);
      flip(log, at, at % 8);
      const damaged = readFileSync(log);
      const { batches } = await opening();
      const kept = aside();
      // A bit may be without meaning.
      if (batches === BATCHES) continue;
      expect(kept.length, `bit at ${at}: ${kept.join()}`).toBe(1);
      expect(readFileSync(join(directory, kept[0]!)).equals(damaged), `bit at ${at}`).toBe(true);
      expect(batches).toBeGreaterThanOrEqual(Math.floor((BATCHES * (at - 4_096)) / size) - 1);
    }
  }, 600_000);

  it('is left as it is without leave to repair', async () => {
    const log = restore(killed);
    flip(log, 5_000);
    const store = createDuckDbStore({ file: join(directory, FILE), catalogue: CATALOGUE, log: silentLogger });
    await expect(store.open(signal)).rejects.toMatchObject({ name: 'UserError', exitCode: 4 });
    expect(aside()).toEqual([]);
  });
});

describe('the log of a store that was written to its file before', () => {
  it('damaged, loses only what came since', async () => {
    flip(restore(killedLater), 5_000);
    const { batches, damage } = await opening();
    expect(batches).toBeGreaterThanOrEqual(BATCHES / 2);
    expect(batches).toBeLessThan(BATCHES);
    expect(damage).toMatchObject([{ file: join(directory, `${FILE}.wal`) }]);
    expect(damage[0]?.keptAs).toBe(join(directory, `${FILE}.wal.damaged-2026-11-29T204112Z`));
  });

  it('of another file, is put aside', async () => {
    restore(killedLater);
    copyFileSync(join(killed, `${FILE}.wal`), join(directory, `${FILE}.wal`));
    expect(await opening()).toMatchObject({ batches: BATCHES / 2 });
    expect(aside()).toHaveLength(1);
  });
});

describe('a part of the file that cannot be read', () => {
  /** Its rows fill several blocks, of which one is damaged. */
  async function withDamagedBlock(place: number): Promise<SampleStore> {
    directory = mkdtempSync(join(scratch, 'case-'));
    const store = openable(directory);
    await store.open(signal);
    const many = batch(1).tables.map((table) => ({
      ...table,
      rows: Array.from({ length: 100_000 }, (_, at) => ({
        series: new Series('ping', ['gw-1', `n-${at % 50}`]),
        timeMs: 1_000 * at,
        values: [Math.sin(at)],
      })),
    }));
    await writeTo(store, [{ ...batch(1), tables: many }]);
    await store.close();
    const size = readFileSync(join(directory, FILE)).length;
    flip(join(directory, FILE), Math.floor(size * place));
    const damaged = openable(directory);
    await damaged.open(signal);
    return damaged;
  }

  it('fails the questions about it by name, is a fault of the store, and stops no writing, not even of late rows', async () => {
    const store = await withDamagedBlock(0.5);
    const late = { ...batch(2), tables: batch(2).tables };
    await expect(storedPoints(store)).rejects.toThrow(/did not answer.*checksum/);
    expect(store.fault).toBe('damaged file');
    const outcomes: unknown[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      outcomes.push(
        await writeTo(store, [late]).then(
          () => 'written',
          () => 'tried again',
        ),
      );
    }
    expect(outcomes.at(-1)).toBe('written');
    expect(await writeTo(store, [batch(200_000)])).toEqual([]);
    await store.close();
  });

  it('keeps nothing else from being deleted in time', async () => {
    // Where the times are.
    const store = await withDamagedBlock(0.15);
    const other = batch(3).tables.map((table) => ({ ...table, measurement: 'device', fields: ['up'] }));
    const rows = [{ series: new Series('device', ['gw-1', 'n-1']), timeMs: 1_000, values: [true] }];
    await writeTo(store, [{ ...batch(3), tables: other.map((table) => ({ ...table, rows })) }]);
    await rollUpAll(store, 90_000_000);
    expect(store.fault).toBe('damaged file');
    const limits = { rawMs: 60_000_000, minuteMs: 0, hourMs: 0 };
    await expect(store.deleteBefore(limits, signal)).rejects.toThrow(/checksum/);
    await writeTo(store, [batch(200_000)]);
    expect(await store.latest({ measurement: 'device', tags: {}, sinceMs: 0, maxRows: 9 }, signal)).toEqual(
      [],
    );
    await store.close();
  });
});

describe('the file of the embedded store', () => {
  it('damaged at its begin, is put aside with its log, and a new one is made', async () => {
    restore(killedLater);
    const file = join(directory, FILE);
    const bytes = readFileSync(file);
    bytes.fill(0x55, 0, 4_096);
    writeFileSync(file, bytes);
    const { batches, damage } = await opening();
    expect(batches).toBe(0);
    expect(damage).toMatchObject([{ file, keptAs: `${file}.damaged-2026-11-29T204112Z` }]);
    expect(readFileSync(damage[0]!.keptAs).equals(bytes)).toBe(true);
    expect(existsSync(`${damage[0]!.keptAs}.wal`)).toBe(true);
  });

  it('cut to nothing, is taken for a new one that holds nothing', async () => {
    restore(killedLater);
    truncateSync(join(directory, FILE), 0);
    expect(await opening()).toMatchObject({ batches: 0 });
  });

  it('with one wrong bit anywhere, opens: what it says it holds is what it has', async () => {
    const size = readFileSync(join(killedLater, FILE)).length;
    for (const at of places(size, PLACES)) {
      restore(killedLater);
      flip(join(directory, FILE), at, at % 8);
      await opening();
    }
  }, 600_000);
});
