import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { Query } from '../query/query.ts';
import { DATASOURCE } from './datasource.ts';

/** What Grafana's data source for InfluxDB is asked; the SDK has no type for it. */
export interface InfluxTarget extends Dataquery {
  readonly refId: string;
  readonly datasource: typeof DATASOURCE;
  readonly rawQuery: true;
  readonly query: string;
  readonly resultFormat: Query['format'];
  readonly policy: 'default';
  readonly alias?: string;
}

/** Each query of samples, then the same of what is kept longer: they go by one name, as one of them answers. */
export function targets(
  queries: readonly Query[],
  aliasOf: (query: Query) => string | undefined = () => undefined,
): Builder<Dataquery>[] {
  const older = queries.flatMap((query) => query.older.map((text) => ({ ...query, text })));
  return [...queries, ...older].map((query, at) => target(query, at, aliasOf(query)));
}

function target(query: Query, at: number, alias: string | undefined): Builder<Dataquery> {
  const built: InfluxTarget = {
    refId: String.fromCharCode('A'.charCodeAt(0) + at),
    datasource: DATASOURCE,
    rawQuery: true,
    query: query.text,
    resultFormat: query.format,
    policy: 'default',
    ...(alias !== undefined && { alias }),
    // The SDK's mark of a query; JSON has no functions.
    _implementsDataqueryVariant() {},
  };
  return { build: () => built };
}
