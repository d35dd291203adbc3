import { join } from 'node:path';
import { createStore } from '../../central/store/create-store.ts';
import type { StoreChoice } from '../../central/store/store-config.ts';
import type { SampleStore } from '../../central/store/sample-store.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { silentLogger } from '../../runtime/logger.ts';
import type { Combination } from './combination.ts';
import type { StoredPoint } from './verify.ts';

const MAX_POINTS = 10_000_000;

/** All points of the run in the store. Central must be stopped: only one process can open the embedded store. */
export async function readStoredPoints(
  combination: Combination,
  centralDirectory: string,
  influxUrl: string | undefined,
): Promise<StoredPoint[]> {
  const choice: StoreChoice =
    combination.store === 'influx' && influxUrl !== undefined
      ? { kind: 'influx', url: influxUrl, database: 'wardwatch', timeoutMs: 60_000 }
      : { kind: 'duckdb', file: join(centralDirectory, 'wardwatch.duckdb'), memoryLimitMiB: 1_024 };
  const store: SampleStore = await createStore(choice, {
    catalogue: CATALOGUE,
    log: silentLogger,
    now: Date.now,
  });
  const signal = AbortSignal.timeout(60_000);
  await store.open(signal);
  try {
    const result = await store.query(
      {
        measurement: 'ping',
        field: 'average_response_ms',
        fromMs: 0,
        toMs: Date.now() + 60_000,
        aggregate: 'last',
        groupBy: ['agent', 'device'],
        tags: {},
        maxPoints: MAX_POINTS,
      },
      signal,
    );
    if (result.truncated) throw new Error(`more than ${MAX_POINTS} points were stored`);
    return result.series.flatMap(({ tags, points }) =>
      points.map(([timeMs, value]) => ({
        agent: tags['agent'] ?? '',
        device: tags['device'] ?? '',
        timeMs,
        value: Number(value),
      })),
    );
  } finally {
    await store.close();
  }
}
