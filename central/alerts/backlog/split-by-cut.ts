import type { SampleBatch } from '../../samples/sample-table.ts';
import type { Cut } from './cut-watch.ts';

/** Rows of a batch that were measured in one cut. */
export interface CutPart {
  readonly cut: Cut;
  readonly part: SampleBatch;
}

/**
 * Pure. Of each cut by itself, oldest first: what came live between two is judged between them. Rows that lie in none are left out: they
 * were measured while their agent was heard.
 */
export function splitByCut(
  batch: SampleBatch,
  cutOf: (timeMs: number) => Cut | undefined,
): readonly CutPart[] {
  const times = new Set(batch.tables.flatMap(({ rows }) => rows.map(({ timeMs }) => timeMs)));
  const cuts = new Map([...times].sort((a, b) => a - b).map((timeMs) => [timeMs, cutOf(timeMs)]));
  const distinct = [...new Set(cuts.values())];
  return distinct.flatMap((cut): CutPart[] => {
    if (cut === undefined) return [];
    if (distinct.length === 1) return [{ cut, part: batch }];
    const tables = batch.tables.map((table) => ({
      ...table,
      rows: table.rows.filter(({ timeMs }) => cuts.get(timeMs) === cut),
    }));
    return [{ cut, part: { ...batch, tables: tables.filter(({ rows }) => rows.length > 0) } }];
  });
}

export function rowsOf({ tables }: SampleBatch): number {
  return tables.reduce((sum, { rows }) => sum + rows.length, 0);
}
