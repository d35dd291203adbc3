import { MAX_BATCH_POINTS, type Table } from '../../../contract/batch.ts';
import type { Sample } from '../../../contract/sample.ts';
import { tableKey, toTables } from '../../../contract/tables.ts';

export interface BatchBody {
  readonly baseMs: number;
  readonly tables: readonly Table[];
  readonly points: number;
  readonly firstMs: number;
  /** In the order of the rows, through all tables. */
  readonly samples: readonly Sample[];
}

/** Splits samples into as many batch bodies as they need; `oversize`: those that do not fit into any body. */
export function splitIntoTables(samples: readonly Sample[]): {
  readonly bodies: readonly BatchBody[];
  readonly oversize: readonly Sample[];
} {
  const bodies: BatchBody[] = [];
  const oversize: Sample[] = [];
  const pending: (readonly Sample[])[] = [];
  for (let start = 0; start < samples.length; start += MAX_BATCH_POINTS) {
    pending.push(samples.slice(start, start + MAX_BATCH_POINTS));
  }
  for (let part = pending.shift(); part !== undefined; part = pending.shift()) {
    const times = part.map(({ timeMs }) => Math.round(timeMs)).filter((time) => Number.isSafeInteger(time));
    const baseMs = Math.max(0, ...times);
    const tables = toTables(part, baseMs);
    if (tables !== undefined) {
      const firstMs = Math.max(0, Math.min(baseMs, ...times));
      bodies.push({ baseMs, tables, points: part.length, firstMs, samples: inRowOrder(part) });
    } else if (part.length > 1) {
      const middle = Math.ceil(part.length / 2);
      pending.unshift(part.slice(0, middle), part.slice(middle));
    } else {
      oversize.push(...part);
    }
  }
  return { bodies, oversize };
}

function inRowOrder(samples: readonly Sample[]): readonly Sample[] {
  const tables = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = tableKey(sample);
    const rows = tables.get(key);
    if (rows === undefined) tables.set(key, [sample]);
    else rows.push(sample);
  }
  return [...tables.values()].flat();
}
