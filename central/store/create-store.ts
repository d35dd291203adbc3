import type { Catalogue } from '../../contract/catalogue.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { SampleStore } from './sample-store.ts';
import type { StoreChoice } from './store-config.ts';

/** Loads only the chosen driver: DuckDB's is tens of megabytes. */
export async function createStore(
  choice: StoreChoice,
  deps: { readonly catalogue: Catalogue; readonly log: Logger },
): Promise<SampleStore> {
  if (choice.kind === 'duckdb') {
    const { createDuckDbStore } = await import('./duckdb/store.ts');
    return createDuckDbStore({ ...choice, ...deps });
  }
  const { createInfluxStore } = await import('./influx/store.ts');
  return createInfluxStore({ ...choice, ...deps });
}
