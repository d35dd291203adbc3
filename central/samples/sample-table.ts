import type { FieldValue } from '../../contract/sample.ts';
import type { Series } from './series.ts';

/** Validated rows of one measurement: types are the catalogue's, `undefined` is "not available". */
export interface SampleTable {
  readonly measurement: string;
  /** The names of `series.tags`. */
  readonly tags: readonly string[];
  /** The names of `values`. Tables of one shape share the array, so that parts of central can remember what they found out about it. */
  readonly fields: readonly string[];
  readonly rows: readonly SampleRow[];
}

export interface SampleRow {
  readonly series: Series;
  readonly timeMs: number;
  readonly values: readonly (FieldValue | undefined)[];
}

/** A batch, identified by agent, epoch and seq; a store writes each identity once, however often it is asked to. */
export interface SampleBatch {
  readonly agent: string;
  readonly epoch: string;
  readonly seq: number;
  readonly tables: readonly SampleTable[];
}
