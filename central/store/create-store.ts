import type { Catalogue } from '../../contract/catalogue.ts';
import type { Logger } from '../../runtime/logger.ts';
import { createDuckDbStore } from './duckdb-store.ts';
import { createInfluxStore } from './influx-store.ts';
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

export function createStore(choice: StoreChoice, deps: { catalogue: Catalogue; log: Logger }): SampleStore {
  return choice.kind === 'duckdb'
    ? createDuckDbStore({ ...choice, ...deps })
    : createInfluxStore({ ...choice, ...deps });
}
