import type { Catalogue } from '../../contract/catalogue.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { SampleStore } from './sample-store.ts';
import type { StoreChoice } from './store-config.ts';

/** Loads only the chosen driver: DuckDB's is tens of megabytes. */
export async function createStore(
  choice: StoreChoice,
  deps: {
    readonly catalogue: Catalogue;
    readonly log: Logger;
    /** Unix time, ms. */
    readonly now: () => number;
    /** Damaged files are put aside; without it they are an error. */
    readonly repair?: true;
  },
): Promise<SampleStore> {
  if (choice.kind === 'duckdb') {
    const { createDuckDbStore } = await import('./duckdb/store.ts');
    const { repair, ...rest } = deps;
    return createDuckDbStore({ ...choice, ...rest, ...(repair && { repair: { now: deps.now } }) });
  }
  const { createInfluxStore } = await import('./influx/store.ts');
  return createInfluxStore({ ...choice, ...deps });
}
