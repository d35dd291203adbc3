import type { Batch } from '../../../contract/batch.ts';
import type { StoreTable } from '../../store/sample-store.ts';

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
  readonly tables: readonly StoreTable[];
  /** Rows in `tables`. */
  readonly points: number;
  readonly refusals: readonly Refusal[];
}

/** Checks a decoded batch against the catalogue, value by value; one bad row costs itself alone. */
export interface BatchValidator {
  validate(agent: string, batch: Batch, receivedAtMs: number): CheckedBatch;
}
