import type { Batch } from '../../../contract/batch.ts';
import type { SampleTable } from '../../samples/sample-table.ts';

/** A table as it came off the wire. */
export type SentTable = Batch['tables'][number];

/** A row (or, without `row`, something larger) that the catalogue does not allow. `row` counts through all tables. */
export interface Refusal {
  readonly row?: number | undefined;
  readonly measurement: string;
  readonly code: string;
  readonly reason: string;
  /** As it came off the wire, for the quarantine. */
  readonly raw: unknown;
}

export interface CheckedBatch {
  readonly tables: readonly SampleTable[];
  /** Rows in `tables`. */
  readonly points: number;
  readonly refusals: readonly Refusal[];
}

/** Checks a decoded batch against the catalogue, value by value; one bad row costs itself alone. */
export interface BatchValidator {
  validate(agent: string, batch: Batch, receivedAtMs: number): CheckedBatch;
}
