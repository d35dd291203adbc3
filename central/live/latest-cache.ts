import type { FieldValue } from '../../contract/sample.ts';
import type { BatchObserver } from '../samples/batch-observer.ts';
import type { SampleRow, SampleTable } from '../samples/sample-table.ts';
import { namedTags } from '../samples/named-tags.ts';
import { usualNote, type Series, type SeriesNote } from '../samples/series.ts';
import type { SeriesRegistry } from '../samples/series-registry.ts';
import type { LatestRow } from '../store/sample-store.ts';
import { LatestRows } from './latest-rows.ts';

export interface LatestCache extends BatchObserver {
  /** Newest row of each series of a measurement, also if it is not stored yet. */
  rows(
    measurement: string,
    tags: Readonly<Record<string, readonly string[]>>,
    maxRows: number,
  ): readonly LatestRow[];
  /**
   * The same in the order in which the series were first seen, behind that with the number `after` (0: from the first). `next` is the
   * number of the last one; undefined: no more follow.
   */
  page(
    measurement: string,
    tags: Readonly<Record<string, readonly string[]>>,
    page: { readonly maxRows: number; readonly after: number },
  ): { readonly rows: readonly LatestRow[]; readonly next: number | undefined };
  /** Each series of a measurement, for those who look at thousands again and again: nothing is copied, and nothing may be kept. */
  visit(measurement: string, look: LookAtSeries): void;
  /**
   * The same in parts, for those who must not hold up everything else meanwhile: each call looks at up to `max` more, as they are at that
   * moment. False: those were all.
   */
  walk(measurement: string): (max: number, look: LookAtSeries) => boolean;
  measurements(): readonly { readonly name: string; readonly series: number }[];
  seriesCount(): number;
  /** Whether anything of this device, or of an agent, has arrived since the start and is remembered. */
  isMeasured(tag: MeasuredBy, value: string): boolean;
}

export type LookAtSeries = (series: Series, row: NewestRow, tagNames: readonly string[]) => void;

/** Of one series. */
export interface NewestRow {
  /** By the clock of its agent. */
  readonly timeMs: number;
  /** How long after each other its rows were measured, lately, ms; NaN: there was one row so far. */
  readonly paceMs: number;
  /** undefined: the row has no such field. */
  valueOf(field: string): FieldValue | undefined;
}

export type MeasuredBy = 'device' | 'agent';
const MEASURED_BY: readonly MeasuredBy[] = ['device', 'agent'];

/** The series of one measurement that have a latest row, with a number that grows. */
interface Listed {
  readonly tagNames: readonly string[];
  readonly series: Map<Series, number>;
}

/** A row is kept as long as the registry remembers its series. Bounded as that is. */
export function createLatestCache(registry: SeriesRegistry): LatestCache {
  /** The rows among which a series has its latest one, and which of them that is. */
  const rowsNote = usualNote<LatestRows | undefined>('latestRows');
  const rowNote = usualNote<number>('latestRow');
  const byMeasurement = new Map<string, Listed>();
  const byFields = new WeakMap<readonly string[], LatestRows>();
  let count = 0;
  let lastNumber = 0;

  const measured = { device: new Counts(), agent: new Counts() };

  const countMeasured = (tagNames: readonly string[], series: Series, change: 1 | -1): void => {
    for (const tag of MEASURED_BY) {
      const value = series.tags[tagNames.indexOf(tag)];
      if (value !== undefined) measured[tag].add(value, change);
    }
  };

  registry.onForgotten((series) => {
    rowsNote.of(series)?.remove(rowNote.of(series) ?? -1);
    rowsNote.set(series, undefined);
    const listed = byMeasurement.get(series.measurement);
    if (listed?.series.delete(series) !== true) return;
    count--;
    countMeasured(listed.tagNames, series, -1);
  });

  const list = ({ measurement, tags: tagNames }: SampleTable, series: Series): void => {
    let listed = byMeasurement.get(measurement);
    if (listed === undefined) {
      listed = { tagNames, series: new Map() };
      byMeasurement.set(measurement, listed);
    }
    listed.series.set(series, ++lastNumber);
    count++;
    countMeasured(tagNames, series, 1);
  };

  const rowsOf = (fields: readonly string[]): LatestRows => {
    let rows = byFields.get(fields);
    if (rows === undefined) {
      rows = new LatestRows(fields);
      byFields.set(fields, rows);
    }
    return rows;
  };

  const observeRow = (
    table: SampleTable,
    { series, timeMs, values }: SampleRow,
    receivedAtMs: number,
  ): void => {
    const rows = rowsNote.of(series);
    const row = rowNote.of(series) ?? -1;
    if (rows === undefined) list(table, series);
    else {
      // A row from the future is no reason to ignore what comes after it.
      const knownMs = rows.timeMsOf(row);
      if (timeMs < knownMs && knownMs <= receivedAtMs) return;
      if (rows.fields === table.fields) {
        rows.update(row, timeMs, values);
        return;
      }
    }
    const others = rowsOf(table.fields);
    const added = others.add(rows && { timeMs: rows.timeMsOf(row), paceMs: rows.paceMsOf(row) });
    rows?.remove(row);
    rowsNote.set(series, others);
    rowNote.set(series, added);
    others.update(added, timeMs, values);
  };

  const filterOf = ({ tagNames }: Listed, tags: Readonly<Record<string, readonly string[]>>) => {
    const wanted = Object.entries(tags).map(([tag, allowed]) => [tagNames.indexOf(tag), allowed] as const);
    return (series: Series): boolean => wanted.every(([at, allowed]) => isOneOf(series.tags[at], allowed));
  };

  const page: LatestCache['page'] = (measurement, tags, { maxRows, after }) => {
    const rows: LatestRow[] = [];
    const listed = byMeasurement.get(measurement);
    if (listed === undefined) return { rows, next: undefined };
    const isWanted = filterOf(listed, tags);
    const cursor = new Cursor(rowsNote, rowNote);
    let last = after;
    for (const [series, number] of listed.series) {
      if (number <= after || !isWanted(series) || !cursor.moveTo(series)) continue;
      if (rows.length >= maxRows) return { rows, next: last };
      last = number;
      rows.push({
        tags: namedTags(listed.tagNames, series),
        timeMs: cursor.timeMs,
        fields: cursor.present(),
      });
    }
    return { rows, next: undefined };
  };

  return {
    observe: ({ tables }, { receivedAtMs }) => {
      for (const table of tables) for (const row of table.rows) observeRow(table, row, receivedAtMs);
    },
    page,
    visit: (measurement, look) => {
      const listed = byMeasurement.get(measurement);
      if (listed === undefined) return;
      const cursor = new Cursor(rowsNote, rowNote);
      for (const series of listed.series.keys()) {
        if (cursor.moveTo(series)) look(series, cursor, listed.tagNames);
      }
    },
    walk: (measurement) => {
      const listed = byMeasurement.get(measurement);
      const rest = listed?.series.keys();
      const cursor = new Cursor(rowsNote, rowNote);
      return (max, look) => {
        if (listed === undefined || rest === undefined) return false;
        for (let count = 0; count < max; count++) {
          const next = rest.next();
          if (next.done === true) return false;
          if (cursor.moveTo(next.value)) look(next.value, cursor, listed.tagNames);
        }
        return true;
      };
    },
    rows: (measurement, tags, maxRows) => page(measurement, tags, { maxRows, after: 0 }).rows,
    measurements: () =>
      [...byMeasurement]
        .filter(([, { series }]) => series.size > 0)
        .map(([name, { series }]) => ({ name, series: series.size })),
    seriesCount: () => count,
    isMeasured: (tag, value) => measured[tag].has(value),
  };
}

/** The latest row of one series after the other. */
class Cursor implements NewestRow {
  readonly #rowsNote: SeriesNote<LatestRows | undefined>;
  readonly #rowNote: SeriesNote<number>;
  #rows: LatestRows | undefined;
  #row = -1;

  constructor(rowsNote: SeriesNote<LatestRows | undefined>, rowNote: SeriesNote<number>) {
    this.#rowsNote = rowsNote;
    this.#rowNote = rowNote;
  }

  /** False: it has none. */
  moveTo(series: Series): boolean {
    this.#rows = this.#rowsNote.of(series);
    this.#row = this.#rowNote.of(series) ?? -1;
    return this.#rows !== undefined;
  }

  get timeMs(): number {
    return this.#rows?.timeMsOf(this.#row) ?? NaN;
  }

  get paceMs(): number {
    return this.#rows?.paceMsOf(this.#row) ?? NaN;
  }

  valueOf(field: string): FieldValue | undefined {
    return this.#rows?.valueOf(this.#row, field);
  }

  present(): Record<string, FieldValue> {
    return this.#rows?.present(this.#row) ?? {};
  }
}

/** How many series have each value of a tag. */
class Counts {
  readonly #counts = new Map<string, number>();

  has(value: string): boolean {
    return this.#counts.has(value);
  }

  add(value: string, change: 1 | -1): void {
    const count = (this.#counts.get(value) ?? 0) + change;
    if (count === 0) this.#counts.delete(value);
    else this.#counts.set(value, count);
  }
}

/** The empty value stands for a tag that is absent, as in the stores. */
function isOneOf(value: string | undefined, allowed: readonly string[]): boolean {
  return allowed.includes(value ?? '');
}
