import type { Catalogue } from '../../contract/catalogue.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { SampleStore } from './sample-store.ts';

export type StoreChoice =
  | { readonly kind: 'duckdb'; readonly file: string; readonly memoryLimitMiB: number }
  | {
      readonly kind: 'influx';
      readonly url: string;
      readonly database: string;
      readonly username?: string;
      readonly password?: string;
      readonly timeoutMs: number;
    };

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
