import type { FieldValue } from '../../contract/sample.ts';

/** Validated rows of one measurement: types are the catalogue's, `undefined` is "not available". */
export interface SampleTable {
  readonly measurement: string;
  readonly tags: readonly string[];
  readonly fields: readonly string[];
  readonly rows: readonly SampleRow[];
}

export interface SampleRow {
  readonly tags: readonly (string | undefined)[];
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
