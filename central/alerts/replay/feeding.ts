import type { SampleRow } from '../../samples/sample-table.ts';
import type { SampleStore } from '../../store/sample-store.ts';
import type { Replay } from './replay.ts';
import {
  StoredRows,
  type RowSelection,
  type SliceQuery,
  type StoredRow,
  type StoredSlice,
} from './stored-rows.ts';

const EPOCH = 'backtest';

interface Shape {
  readonly measurement: string;
  readonly tags: readonly string[];
  /** One array for all tables, as SampleTable wants it. */
  readonly fields: readonly string[];
}

/** One measurement, as it is read again. */
export interface Source {
  readonly stored: StoredRows;
  readonly shape: Shape;
}

export interface SourceRow extends StoredRow {
  readonly shape: Shape;
}

export function sourceOf(store: Pick<SampleStore, 'query'>, selection: RowSelection): Source {
  const stored = new StoredRows(store, selection);
  const { measurement, fields } = selection;
  return { stored, shape: { measurement: measurement.name, tags: stored.tagNames, fields } };
}

/** The rows of all sources, in the order of time. Throws what the store throws. */
export async function readSources(
  sources: readonly Source[],
  query: SliceQuery,
  signal: AbortSignal,
): Promise<Omit<StoredSlice, 'rows'> & { readonly rows: readonly SourceRow[] }> {
  const rows: SourceRow[] = [];
  let points = 0;
  let availableFromMs: number | undefined;
  for (const { stored, shape } of sources) {
    const maxPoints = query.maxPoints - points;
    if (maxPoints <= 0) return { rows: [], points, isTooLarge: true };
    const slice = await stored.read({ ...query, maxPoints }, signal);
    points += slice.points;
    if (slice.isTooLarge) return { rows: [], points, isTooLarge: true };
    availableFromMs = latest(availableFromMs, slice.availableFromMs);
    for (const row of slice.rows) rows.push({ ...row, shape });
  }
  rows.sort((a, b) => a.row.timeMs - b.row.timeMs);
  return { rows, points, isTooLarge: false, ...(availableFromMs !== undefined && { availableFromMs }) };
}

function latest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

export interface RowsOfTime {
  readonly timeMs: number;
  readonly rows: readonly SourceRow[];
}

export function* byTime(rows: readonly SourceRow[]): Generator<RowsOfTime> {
  let begin = 0;
  for (let at = 1; at <= rows.length; at++) {
    const timeMs = rows[begin]?.row.timeMs ?? 0;
    if (at < rows.length && rows[at]?.row.timeMs === timeMs) continue;
    yield { timeMs, rows: rows.slice(begin, at) };
    begin = at;
  }
}

/** Rows of one time become a batch of each agent, and arrive now. */
export class Feeder {
  readonly #replay: Replay;
  #seq = 0;

  constructor(replay: Replay) {
    this.#replay = replay;
  }

  feed(rows: readonly SourceRow[]): void {
    const byAgent = new Map<string, Map<Shape, SampleRow[]>>();
    for (const { agent, row, shape } of rows) {
      const tables = byAgent.get(agent) ?? new Map<Shape, SampleRow[]>();
      byAgent.set(agent, tables);
      const known = tables.get(shape);
      if (known === undefined) tables.set(shape, [row]);
      else known.push(row);
    }
    for (const [agent, ofAgent] of byAgent) {
      const tables = [...ofAgent].map(([shape, ofShape]) => ({ ...shape, rows: ofShape }));
      this.#replay.observe({ agent, epoch: EPOCH, seq: ++this.#seq, tables });
    }
  }
}
