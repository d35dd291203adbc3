import { join } from 'node:path';
import { createDuckDbStore } from '../../central/store/duckdb-store.ts';
import { createInfluxStore } from '../../central/store/influx-store.ts';
import type { SampleStore } from '../../central/store/sample-store.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { silentLogger } from '../../runtime/logger.ts';
import type { Combination } from './combination.ts';
import type { StoredPoint } from './verify.ts';

const MAX_POINTS = 10_000_000;

/** Everything that the run left in the store, point by point; central must be stopped (the embedded store is one process's). */
export async function readStoredPoints(
  combination: Combination,
  centralDirectory: string,
  influxUrl: string | undefined,
): Promise<StoredPoint[]> {
  const store: SampleStore =
    combination.store === 'influx' && influxUrl !== undefined
      ? createInfluxStore({
          url: influxUrl,
          database: 'wardwatch',
          catalogue: CATALOGUE,
          log: silentLogger,
          timeoutMs: 60_000,
        })
      : createDuckDbStore({
          file: join(centralDirectory, 'wardwatch.duckdb'),
          catalogue: CATALOGUE,
          log: silentLogger,
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
