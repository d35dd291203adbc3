import { COMMON_TAGS } from '../../samples/tag-names.ts';
import { timeOf, type PackedRows } from './packed-rows.ts';

const [AGENT = 'agent'] = COMMON_TAGS;

/** Calls `note` for each row whose time `isLate`, with its tag `agent`, which is empty where there is none. */
export function latePoints(
  batches: readonly PackedRows[],
  isLate: (timeMs: number) => boolean,
  note: (agent: string, timeMs: number) => void,
): void {
  for (const table of batches.flatMap(({ tables }) => tables)) {
    const agent = table.shape.tags.indexOf(AGENT);
    for (const [row, { series }] of table.series.entries()) {
      const timeMs = timeOf(table, row);
      if (isLate(timeMs)) note(series.tags[agent] ?? '', timeMs);
    }
  }
}
