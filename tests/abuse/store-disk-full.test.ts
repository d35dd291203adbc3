import { writeTo } from '../../central/store/contract/fixture.ts';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDuckDbStore } from '../../central/store/duckdb/store.ts';
import {
  CONTRACT_CATALOGUE,
  contractBatch,
  contractQuery,
} from '../../central/store/contract/sample-store.contract.ts';
import { StoreUnavailableError, type SampleStore } from '../../central/store/sample-store.ts';
import type { SampleBatch } from '../../central/samples/sample-table.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { mountSmallDisk, type SmallDisk } from '../support/full-disk.ts';

const START = 1_790_000_040_000;
const BATCHES = 120;
const ENOUGH = 10;
const POINTS = 400;
const MIB = 1024 * 1024;
const { signal } = new AbortController();
let disk: SmallDisk | undefined;
let store: SampleStore | undefined;

beforeEach(() => {
  disk = mountSmallDisk(400 * MIB);
});
afterEach(async () => {
  await store?.close();
  store = undefined;
  disk?.remove();
});

/** Text that does not compress. */
function bulk(seq: number): SampleBatch {
  return contractBatch(
    seq,
    Array.from({ length: POINTS }, (_, index) => ({
      timeMs: START + seq * 1_000 + index,
      note: randomBytes(2_000).toString('base64'),
    })),
  );
}

/** Ingest writes a group again for as long as the store is unavailable. */
async function writeAsIngestDoes(to: SampleStore, batch: SampleBatch): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      expect(await writeTo(to, [batch])).toEqual([]);
      return;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || attempt === 5) throw error;
    }
  }
}

async function storedPoints(): Promise<number> {
  const query = contractQuery({
    field: 'note',
    aggregate: 'count',
    everyMs: 86_400_000,
    toMs: START + 86_400_000,
  });
  const { series } = (await store?.query(query, signal)) ?? { series: [] };
  return series.flatMap(({ points }) => points).reduce((sum, [, value]) => sum + Number(value), 0);
}

describe.each([
  ['at once', 0],
  ['while it writes, between its log and its file', 100],
])('the embedded store on a disk that fills %s', (_when, freeMiB) => {
  it('is unavailable, loses nothing it stored, and works again when there is space', async (context) => {
    if (disk === undefined) return context.skip('a small disk can only be mounted as root');
    store = createDuckDbStore({
      file: join(disk.directory, 'wardwatch.duckdb'),
      catalogue: CONTRACT_CATALOGUE,
      log: silentLogger,
      memoryLimitMiB: 64,
    });
    await store.open(signal);
    disk.fill(freeMiB * MIB);
    const refused: SampleBatch[] = [];
    let offered = 0;
    while (refused.length < ENOUGH && offered < BATCHES) {
      const batch = bulk(++offered);
      try {
        expect(await writeTo(store, [batch])).toEqual([]);
      } catch (error) {
        expect(error).toBeInstanceOf(StoreUnavailableError);
        refused.push(batch);
      }
    }
    expect(refused.length).toBeGreaterThan(0);
    disk.free();
    for (const batch of refused) await writeAsIngestDoes(store, batch);
    expect(await storedPoints()).toBe(offered * POINTS);
  });
});
