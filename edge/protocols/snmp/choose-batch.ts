/** A column that is being read. */
export interface PendingColumn {
  /** Rows still to come, as far as known, and the one that shows the end. At least 1. */
  readonly expectedRows: number;
  /** Not together with others: that failed. */
  readonly isAlone: boolean;
}

export interface Batch<Column> {
  readonly columns: readonly Column[];
  readonly maxRepetitions: number;
}

/** More columns in one request are more than some agents take. */
const MAX_COLUMNS = 10;
/** Of a long table, fewer columns with at least this many rows: each column has one request that goes beyond its end. */
const MIN_ROWS = 10;

/**
 * What the next GETBULK requests: the first of the columns, and others of about the same length as far as `values` allows.
 * `pending` is not empty. Pure.
 */
export function chooseBatch<Column extends PendingColumn>(
  pending: readonly [Column, ...Column[]],
  values: number,
): Batch<Column> {
  const [first] = pending;
  const columns = first.isAlone
    ? [first]
    : pending.filter((column) => isLike(first, column)).slice(0, columnCount(first, values));
  const rows = Math.max(...columns.map(({ expectedRows }) => expectedRows));
  const most = Math.max(1, Math.floor(values / columns.length));
  // As many requests as needed, of equal size, so that the last one does not go far beyond the end.
  const requests = Math.ceil(rows / most);
  return { columns, maxRepetitions: Math.ceil(rows / requests) };
}

function columnCount({ expectedRows }: PendingColumn, values: number): number {
  const count = Math.floor(values / Math.min(expectedRows, MIN_ROWS));
  return Math.min(MAX_COLUMNS, Math.max(1, count));
}

/** All columns of a request have the same number of repetitions. */
function isLike(first: PendingColumn, { expectedRows, isAlone }: PendingColumn): boolean {
  return !isAlone && expectedRows <= 2 * first.expectedRows && first.expectedRows <= 2 * expectedRows;
}
