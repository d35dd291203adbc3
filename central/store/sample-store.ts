import type { FieldValue } from '../../contract/sample.ts';

/** Checked rows of one measurement: types are the catalogue's, `undefined` is "not available". */
export interface StoreTable {
  readonly measurement: string;
  readonly tags: readonly string[];
  readonly fields: readonly string[];
  readonly rows: readonly StoreRow[];
}

export interface StoreRow {
  readonly tags: readonly (string | undefined)[];
  readonly timeMs: number;
  readonly values: readonly (FieldValue | undefined)[];
}

/** A batch known by (agent, epoch, seq); a store writes each identity once, however often it is offered. */
export interface StoreBatch {
  readonly agent: string;
  readonly epoch: string;
  readonly seq: number;
  readonly tables: readonly StoreTable[];
}

/** A row the store will never take (its answer was final); `row` numbers the batch's rows through all its tables. */
export interface StoreRejection {
  readonly agent: string;
  readonly epoch: string;
  readonly seq: number;
  readonly row: number;
  readonly reason: string;
}

/** Nothing is known to be written; the same batches may be offered again, and nothing will be double. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

export type Aggregate = 'mean' | 'min' | 'max' | 'sum' | 'count' | 'first' | 'last' | 'p50' | 'p95' | 'p99';

export interface SeriesQuery {
  readonly measurement: string;
  readonly field: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Width of the time buckets; without it raw points are returned. Bucket starts are multiples of it since 1970. */
  readonly everyMs?: number;
  readonly aggregate: Aggregate;
  /** Tags that tell series apart. Empty with `everyMs`: everything is one series. */
  readonly groupBy: readonly string[];
  /** Tag → allowed values. */
  readonly tags: Readonly<Record<string, readonly string[]>>;
  /** Most points returned over all series; the answer says when it was cut. */
  readonly maxPoints: number;
}

export interface Series {
  readonly tags: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [timeMs: number, value: FieldValue])[];
}

export interface SeriesResult {
  readonly series: readonly Series[];
  readonly truncated: boolean;
}

export interface LatestQuery {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, readonly string[]>>;
  readonly sinceMs: number;
  readonly maxRows: number;
}

export interface LatestRow {
  readonly tags: Readonly<Record<string, string>>;
  readonly timeMs: number;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

export interface SampleStore {
  readonly name: string;
  /** Creates what is missing (database, tables). Rejects with StoreUnavailableError when the store does not answer. */
  open(signal: AbortSignal): Promise<void>;
  /** Resolves once everything is durable; names the rows that were refused for good. Throws StoreUnavailableError. */
  write(batches: readonly StoreBatch[], signal: AbortSignal): Promise<readonly StoreRejection[]>;
  query(query: SeriesQuery, signal: AbortSignal): Promise<SeriesResult>;
  /** The newest row of each series (tag set) since `sinceMs`. */
  latest(query: LatestQuery, signal: AbortSignal): Promise<readonly LatestRow[]>;
  /** Removes rows older than `beforeMs`, whole measurement by measurement. */
  deleteBefore(beforeMs: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
