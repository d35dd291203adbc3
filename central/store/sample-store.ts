import type { FieldValue } from '../../contract/sample.ts';
import type { SampleBatch } from '../samples/sample-table.ts';

/** A row that the store will never take; `row` numbers the batch's rows through all its tables. */
export interface StoreRejection {
  readonly agent: string;
  readonly epoch: string;
  readonly seq: number;
  readonly row: number;
  readonly reason: string;
}

/** A row as it can be shown to a person, for the quarantine. */
export interface RowDescription {
  readonly measurement: string;
  readonly raw: unknown;
  /** How many values it has. */
  readonly values: number;
}

/** A batch in the form in which its store writes it. It holds as little as that needs, since it may wait long. */
export interface PreparedBatch {
  readonly agent: string;
  readonly epoch: string;
  readonly seq: number;
  /** What it takes in memory, estimated. */
  readonly bytes: number;
  /** Of a row, numbered as in a StoreRejection. */
  describe(row: number): RowDescription;
}

/** It is not known whether anything was written; writing the same batches again creates no duplicates. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/** The query itself is wrong (unknown measurement, field or tag, a mean of texts); the message names what and where. */
export class StoreQueryError extends Error {
  override readonly name = 'StoreQueryError';
}

/**
 * Over the points of one series in one bucket. `p50`, `p95`, `p99` are a stored value, never between two:
 * of n sorted values the one at position floor(n · p / 100 + 0.5), as InfluxQL's PERCENTILE counts.
 * `first` and `last` take the greatest when several points share the time.
 */
export type Aggregate = 'mean' | 'min' | 'max' | 'sum' | 'count' | 'first' | 'last' | 'p50' | 'p95' | 'p99';

/** Over what several series have in one bucket; `count` is the number of series. */
export type Across = 'mean' | 'min' | 'max' | 'sum' | 'count';

export interface SeriesQuery {
  readonly measurement: string;
  readonly field: string;
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  /** Width of the time buckets; without it raw points are returned. Bucket starts are multiples of it since 1970, less `offsetMs`. */
  readonly everyMs?: number;
  /** 0 to everyMs − 1; 0 without it. Days of UTC+7 begin 7 h before those of UTC: their offset is 7 h. */
  readonly offsetMs?: number;
  /** Of the points of one series (tag set) in one bucket. */
  readonly aggregate: Aggregate;
  /** Of the aggregates of several series in one bucket; without it each series is answered by itself. Needs `everyMs`. */
  readonly across?: Across;
  /**
   * With `across`: the tags that tell groups of series apart; empty: one group of all. Without `everyMs`: the tags by which raw points
   * are put together; empty: all tags. Else it is empty.
   */
  readonly groupBy: readonly string[];
  /** Tag → allowed values; the empty value means the tag is absent. */
  readonly tags: Readonly<Record<string, readonly string[]>>;
  /**
   * Most points returned over all series. When there are more, the newest are returned, of all series from the same time on,
   * and `truncated` is set.
   */
  readonly maxPoints: number;
}

export interface Series {
  readonly tags: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [timeMs: number, value: FieldValue])[];
}

export interface SeriesResult {
  readonly series: readonly Series[];
  readonly truncated: boolean;
  /** Only if truncated: everything from here on was returned, nothing before. The start of a bucket where there are buckets. */
  readonly completeFromMs?: number;
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
  /** How batches are best merged: a write waits `delayMs` for more batches unless `maxPoints` have come. */
  readonly grouping: { readonly delayMs: number; readonly maxPoints: number };
  /** Creates what is missing (database, tables). Rejects with StoreUnavailableError when the store does not answer. */
  open(signal: AbortSignal): Promise<void>;
  /** Call it when a batch arrives, so that its rows need not be kept until `write`. */
  prepare(batch: SampleBatch): PreparedBatch;
  /**
   * Writes batches that this store prepared. Resolves once everything is durable, with the rows that were refused for
   * good. Throws StoreUnavailableError.
   */
  write(batches: readonly PreparedBatch[], signal: AbortSignal): Promise<readonly StoreRejection[]>;
  /** Series come in the order of their tag values, points in the order of time. Throws StoreQueryError. */
  query(query: SeriesQuery, signal: AbortSignal): Promise<SeriesResult>;
  /** The newest row of each series (tag set) since `sinceMs`, at most `maxRows` series. Throws StoreQueryError. */
  latest(query: LatestQuery, signal: AbortSignal): Promise<readonly LatestRow[]>;
  /** Deletes rows older than `beforeMs`, one measurement after the other. */
  deleteBefore(beforeMs: number, signal: AbortSignal): Promise<void>;
  /** Of a store within this process: writes a consistent copy of all samples to a new file while writes go on; resolves with its path. */
  copy?(signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}
