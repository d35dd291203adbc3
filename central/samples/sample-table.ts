import type { FieldValue } from '../../contract/sample.ts';

/** Checked rows of one measurement: types are the catalogue's, `undefined` is "not available". */
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

/** A batch known by (agent, epoch, seq); a store writes each identity once, however often it is offered. */
export interface SampleBatch {
  readonly agent: string;
  readonly epoch: string;
  readonly seq: number;
  readonly tables: readonly SampleTable[];
}
