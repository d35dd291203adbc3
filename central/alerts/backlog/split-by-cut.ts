import type { SampleBatch } from '../../samples/sample-table.ts';
import type { Cut } from './cut-watch.ts';

/** Rows of a batch that were measured in one cut. */
export interface CutPart {
  readonly cut: Cut;
  readonly part: SampleBatch;
}

/**
 * Pure. Of each cut by itself, oldest first: what came live between two is judged between them. Rows that lie in none belong to the cut before:
 * they were measured as it ended. None where the oldest row lies in no cut.
 */
export function splitByCut(
  batch: SampleBatch,
  cutOf: (timeMs: number) => Cut | undefined,
): readonly CutPart[] {
  const first = cutOf(oldestOf(batch));
  if (first === undefined) return [];
  if (cutOf(newestOf(batch)) === first) return [{ cut: first, part: batch }];
  const times = new Set(batch.tables.flatMap(({ rows }) => rows.map(({ timeMs }) => timeMs)));
  const cuts = new Map<number, Cut>();
  let cut = first;
  for (const timeMs of [...times].sort((a, b) => a - b)) {
    cut = cutOf(timeMs) ?? cut;
    cuts.set(timeMs, cut);
  }
  return [...new Set(cuts.values())].map((each) => {
    const tables = batch.tables.map((table) => ({
      ...table,
      rows: table.rows.filter(({ timeMs }) => cuts.get(timeMs) === each),
    }));
    return { cut: each, part: { ...batch, tables: tables.filter(({ rows }) => rows.length > 0) } };
  });
}

/** As its agent says, Unix ms; Infinity for a batch without rows. */
export function oldestOf({ tables }: SampleBatch): number {
  let oldest = Infinity;
  for (const { rows } of tables) {
    for (const { timeMs } of rows) if (timeMs < oldest) oldest = timeMs;
  }
  return oldest;
}

function newestOf({ tables }: SampleBatch): number {
  let newest = -Infinity;
  for (const { rows } of tables) {
    for (const { timeMs } of rows) if (timeMs > newest) newest = timeMs;
  }
  return newest;
}
