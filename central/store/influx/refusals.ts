import type { StoreLimit } from '../sample-store.ts';

/** `row`: the line itself can never be stored. Otherwise what of InfluxDB is in the way: the line waits until that is changed. */
export type RefusalCause = 'row' | StoreLimit;

/**
 * What InfluxDB says when it does not store lines, by the text of its error. The texts are those of 1.6.7, each seen from a real one in
 * `tests/abuse/influx-own-limits.test.ts`, and the same in the sources of 1.8 and 1.11: `tsdb/shard.go` (field types, series, tag values),
 * `models/points.go` (parsing), `coordinator/points_writer.go` (retention, timeout), `tsdb/engine/tsm1/cache.go` (cache),
 * `services/meta/` and `services/httpd/handler.go` (users, databases). The first that fits counts.
 */
const BY_TEXT: readonly (readonly [text: RegExp, cause: RefusalCause])[] = [
  [/max-series-per-database limit exceeded/, 'series'],
  [/max-values-per-tag limit exceeded/, 'tag values'],
  [/points beyond retention policy/, 'retention policy'],
  [/retention policy not found/, 'retention policy'],
  [/cache-max-memory-size exceeded|cache maximum memory size exceeded/, 'write cache'],
  [/no space left on device|read-only file system|input\/output error|disk quota exceeded/i, 'disk'],
  [/database not found/, 'database'],
  [
    /not authorized|authorization failed|unable to parse authentication credentials|user is required/,
    'access',
  ],
  [/^timeout$|timed out|shard is disabled|engine is closed/, 'timeout'],
  [/field type conflict/, 'row'],
  [/unable to parse/, 'row'],
  [/max key length exceeded|tag key too long|invalid (?:field|tag) (?:name|key)|is invalid/, 'row'],
  [/time outside range/, 'row'],
];

/** undefined: the text is not known. */
export function causeOf(text: string): RefusalCause | undefined {
  return BY_TEXT.find(([pattern]) => pattern.test(text))?.[1];
}

/** What of InfluxDB is in the way; undefined: neither text nor status names it. */
export function limitOf(text: string, status: number): StoreLimit | undefined {
  const cause = causeOf(text);
  if (cause !== undefined) return cause === 'row' ? undefined : cause;
  return status === 401 || status === 403 ? 'access' : undefined;
}
