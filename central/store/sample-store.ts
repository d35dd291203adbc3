import type { FieldValue } from '../../contract/sample.ts';
import type { SampleBatch } from '../samples/sample-table.ts';
import type { RetentionLimits, Segment } from './history/levels.ts';

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
  override readonly name: string = 'StoreUnavailableError';
  /** What of the store is in the way, in one word for an alarm; undefined: nothing is known but that it does not answer as it should. */
  readonly limit: StoreLimit | undefined;

  constructor(message: string, options: ErrorOptions & { readonly limit?: StoreLimit | undefined } = {}) {
    super(message, options);
    this.limit = options.limit;
  }
}

/** Limits and faults of a store that are not the data's: nothing is refused for them, it is written again until it is taken. */
export const STORE_LIMITS = [
  'series',
  'tag values',
  'retention policy',
  'write cache',
  'disk',
  'access',
  'database',
  'timeout',
  'not InfluxDB 1.x',
  'unknown refusal',
  'damaged file',
  'memory',
] as const;
export type StoreLimit = (typeof STORE_LIMITS)[number];

/** A limit of the store was in the way of some batches only: `held` are not stored, all others are. */
export class StoreLimitError extends StoreUnavailableError {
  override readonly name = 'StoreLimitError';
  declare readonly limit: StoreLimit;
  readonly held: ReadonlySet<PreparedBatch>;
  /** Of the batches that are stored. */
  readonly rejections: readonly StoreRejection[];

  constructor(
    message: string,
    limit: StoreLimit,
    parts: { readonly held: ReadonlySet<PreparedBatch>; readonly rejections: readonly StoreRejection[] },
  ) {
    super(message, { limit });
    this.held = parts.held;
    this.rejections = parts.rejections;
  }
}

/** The query itself is wrong (unknown measurement, field or tag, a mean of texts); the message names what and where. */
export class StoreQueryError extends Error {
  override readonly name = 'StoreQueryError';
}

/**
 * Over the points of one series in one bucket. `p50`, `p95`, `p99` are a stored value, never between two:
 * of n sorted values the one at position floor(n · p / 100 + 0.5), as InfluxQL's PERCENTILE counts.
 * `first` and `last` take the greatest when several points share the time. `mean` of a flag is the share of points that are true, 0 to 1.
 * `share` gives a series for each value of a flag, a text or a whole number: how much of the points have it, 0 to 1, together 1.
 */
export type Aggregate =
  'mean' | 'min' | 'max' | 'sum' | 'count' | 'first' | 'last' | 'p50' | 'p95' | 'p99' | 'share';

/** Over what several series have in one bucket; `count` is the number of series; percentiles as those of Aggregate. */
export type Across = 'mean' | 'min' | 'max' | 'sum' | 'count' | 'p50' | 'p95' | 'p99';

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
  /** Only with `share`: the value whose share the points are. */
  readonly state?: FieldValue;
  readonly points: readonly (readonly [timeMs: number, value: FieldValue])[];
}

export interface SeriesResult {
  readonly series: readonly Series[];
  readonly truncated: boolean;
  /** Only if truncated: everything from here on was returned, nothing before. The start of a bucket where there are buckets. */
  readonly completeFromMs?: number;
  /** Only if later than asked for: what was measured before it is deleted, or not kept in a way that answers this query. */
  readonly availableFromMs?: number;
  /** What each part of the time was answered from, in the order of time; without it all of it from samples. */
  readonly sources?: readonly Segment[];
}

/** Sums of several numbers over one stretch of time: of what is counted each minute, however long the time is. */
export interface SumsQuery {
  readonly measurement: string;
  /** Each a number. */
  readonly fields: readonly string[];
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  /** The tags that tell the groups apart; empty: one group of all. */
  readonly groupBy: readonly string[];
  /** As of a SeriesQuery. */
  readonly tags: Readonly<Record<string, readonly string[]>>;
  /** Where there are more, `truncated` is set and some are missing. */
  readonly maxGroups: number;
}

export interface GroupSums {
  /** Those of `groupBy` that the group has. */
  readonly tags: Readonly<Record<string, string>>;
  /** In the order of the fields; 0 where there is none. Beyond 2^53 no longer exact. */
  readonly sums: readonly number[];
}

export interface SumsResult extends Pick<SeriesResult, 'truncated' | 'availableFromMs' | 'sources'> {
  readonly groups: readonly GroupSums[];
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

/** What a store holds of one queue directory of an agent. */
export interface HeldBatches {
  readonly agent: string;
  readonly epoch: string;
  /** Of sequence numbers, inclusive. */
  readonly ranges: readonly (readonly [from: number, to: number])[];
  /** Rows of the agent's own in these batches, those that were refused left out. */
  readonly points: number;
  /** Newest sample in them, Unix time in ms; 0: not known. */
  readonly newestMs: number;
}

/** A file of the store that could not be used as it was. */
export interface StoreDamage {
  readonly file: string;
  readonly problem: string;
  /** Where the file is now, as it was found. */
  readonly keptAs: string;
}

/** What a store found in its files when it opened them. */
export interface StoreOpening {
  readonly damage: readonly StoreDamage[];
  /** Every batch that it holds; undefined: the file was written by a version that kept no complete list. */
  readonly held: readonly HeldBatches[] | undefined;
  /** From now on exactly these count as held before the next write. */
  adopt(held: readonly HeldBatches[]): Promise<void>;
}

/** Compares an opening with what was acknowledged; resolves with how many acknowledged batches the store no longer has. */
export type OpeningListener = (opening: StoreOpening) => Promise<number>;

export interface SampleStore {
  /** What `store.kind` in the configuration says. */
  readonly kind: string;
  readonly name: string;
  /** A fault that does not keep it from writing, such as a part that cannot be read; until the next start. */
  readonly fault?: StoreLimit | undefined;
  /** How batches are best merged: a write waits `delayMs` for more batches unless `maxPoints` have come. */
  readonly grouping: { readonly delayMs: number; readonly maxPoints: number };
  /** Creates what is missing (database, tables). Rejects with StoreUnavailableError when the store does not answer. */
  open(signal: AbortSignal): Promise<void>;
  /** Call it when a batch arrives, so that its rows need not be kept until `write`. */
  prepare(batch: SampleBatch): PreparedBatch;
  /**
   * Writes batches that this store prepared. Resolves once everything is durable, with the rows that were refused for
   * good. Throws StoreUnavailableError, or StoreLimitError when a part is durable.
   */
  write(batches: readonly PreparedBatch[], signal: AbortSignal): Promise<readonly StoreRejection[]>;
  /** Series come in the order of their tag values, points in the order of time. Throws StoreQueryError. */
  query(query: SeriesQuery, signal: AbortSignal): Promise<SeriesResult>;
  /** In one reading of each resolution for all fields, groups in the order of their tags. Throws StoreQueryError. */
  sums(query: SumsQuery, signal: AbortSignal): Promise<SumsResult>;
  /** The newest row of each series (tag set) since `sinceMs`, at most `maxRows` series. Throws StoreQueryError. */
  latest(query: LatestQuery, signal: AbortSignal): Promise<readonly LatestRow[]>;
  /**
   * Rolls up one more piece of the samples older than `upToMs` into minutes and hours, or again where some came late. False: there is none for
   * now. Rolling up again leaves the same rows, so it may end at any time.
   */
  rollUp(upToMs: number, signal: AbortSignal): Promise<boolean>;
  /** Deletes what is older, one measurement after the other; of samples and minutes no more than is rolled up. */
  deleteBefore(limits: RetentionLimits, signal: AbortSignal): Promise<void>;
  /**
   * Of a store whose files central looks after, and which may come back with less than it confirmed: calls `listener` for the present
   * opening, and for each later one before anything is written. Until then evidence of damage is kept whatever is found.
   */
  onOpened?(listener: OpeningListener): Promise<void>;
  /** Of a store within this process: writes a consistent copy of all samples to a new file while writes go on; resolves with its path. */
  copy?(signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}
