import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createDuckDbStore } from '../../../central/store/duckdb/store.ts';
import { createInfluxStore } from '../../../central/store/influx/store.ts';
import type { SampleStore } from '../../../central/store/sample-store.ts';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { startInflux } from '../../support/influx.ts';
import { temporaryDirectory } from '../../support/server-process.ts';
import { usageOf } from '../process-usage.ts';
import { START_MS } from './fill.ts';

/** What each level takes on disk. */
export interface LevelBytes {
  readonly raw: number;
  readonly minute: number;
  readonly hour: number;
}

/** A store with what the bench wants to know of it. */
export interface StoreUnderTest {
  readonly store: SampleStore;
  /** CPU seconds so far of the process that rolls up. */
  cpuS(): number;
  /** Deletes what is there, level by level. */
  measure(endMs: number, signal: AbortSignal): Promise<LevelBytes>;
  close(): Promise<void>;
}

const DATABASE = 'bench';
const HOUR_MS = 3_600_000;
const TIMEOUT_MS = 60_000;

export async function openDuckDb(signal: AbortSignal): Promise<StoreUnderTest> {
  const scratch = temporaryDirectory('bench-history');
  const file = join(scratch.path, 'store.duckdb');
  const store = createDuckDbStore({ file, catalogue: CATALOGUE, log: silentLogger });
  await store.open(signal);
  const copied = async (): Promise<number> => {
    const copy = await store.copy?.(signal);
    if (copy === undefined) throw new Error('the store cannot be copied');
    const { size } = statSync(copy);
    rmSync(copy);
    return size;
  };
  return {
    store,
    cpuS: () => usageOf(process.pid).cpuS,
    measure: async (endMs) => {
      const all = await copied();
      await store.deleteBefore({ rawMs: endMs, minuteMs: 0, hourMs: 0 }, signal);
      const levels = await copied();
      // Minutes are kept until their hour is whole.
      if (endMs - START_MS < HOUR_MS) return { raw: all - levels, minute: levels, hour: 0 };
      await store.deleteBefore({ rawMs: endMs, minuteMs: endMs, hourMs: 0 }, signal);
      const hour = await copied();
      return { raw: all - levels, minute: levels - hour, hour };
    },
    close: async () => {
      await store.close();
      scratch.remove();
    },
  };
}

export async function openInflux(signal: AbortSignal): Promise<StoreUnderTest> {
  // What waits in memory is written soon, so that it is on disk in the form in which it stays.
  const influx = await startInflux({ data: { 'cache-snapshot-memory-size': 1_048_576 } });
  const store = createInfluxStore({
    url: influx.url,
    database: DATABASE,
    catalogue: CATALOGUE,
    log: silentLogger,
    timeoutMs: TIMEOUT_MS,
    now: () => START_MS,
  });
  try {
    await store.open(signal);
  } catch (error) {
    await influx.stop();
    throw error;
  }
  const data = join(influx.dataDirectory, 'data', DATABASE);
  return {
    store,
    cpuS: () => usageOf(influx.pid).cpuS,
    measure: () =>
      Promise.resolve({
        raw: bytesIn(join(data, 'autogen')),
        minute: bytesIn(join(data, 'wardwatch_minute')),
        hour: bytesIn(join(data, 'wardwatch_hour')),
      }),
    close: async () => {
      await store.close();
      await influx.stop();
    },
  };
}

function bytesIn(directory: string): number {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
