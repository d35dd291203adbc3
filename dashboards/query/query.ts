import type { Column } from './column.ts';

export interface NamedColumn extends Column {
  /** In the result. */
  readonly name: string;
}

/** InfluxQL, and what its answer has. */
export interface Query {
  readonly text: string;
  /** The same of what is kept longer than samples: each has rows only where the reader's time asks for it (`older.ts`). */
  readonly older: readonly string[];
  readonly format: 'time_series' | 'table';
  readonly measurement: string;
  readonly columns: readonly NamedColumn[];
  /** What it is grouped by: labels of series, columns of tables. */
  readonly tags: readonly string[];
  /** Of the dashboard. */
  readonly variables: readonly string[];
}
