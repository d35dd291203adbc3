import type { Batch } from '../../../contract/batch.ts';
import type { SampleTable } from '../../samples/sample-table.ts';

/** A table as received. */
export type SentTable = Batch['tables'][number];

/** A row that the catalogue does not allow, numbered through all tables; without `row` it is about a whole table. */
export interface Refusal {
  readonly row?: number | undefined;
  readonly measurement: string;
  readonly code: string;
  readonly reason: string;
  /** As received, for the quarantine. */
  readonly raw: unknown;
}

export interface CheckedBatch {
  readonly tables: readonly SampleTable[];
  /** Rows in `tables`. */
  readonly points: number;
  readonly refusals: readonly Refusal[];
  /** The agent's clock was so wrong that its times were moved: those of `tables` are by central's clock. */
  readonly timesMoved?: boolean;
}

/** Checks a decoded batch against the catalogue, value by value; a bad row does not affect the others. */
export interface BatchValidator {
  validate(agent: string, batch: Batch, receivedAtMs: number): CheckedBatch;
}
