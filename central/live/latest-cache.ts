import type { FieldValue } from '../../contract/sample.ts';
import type { BatchObserver } from '../samples/batch-observer.ts';
import type { SampleRow, SampleTable } from '../samples/sample-table.ts';
import { namedTags } from '../samples/named-tags.ts';
import { seriesNote, type Series } from '../samples/series.ts';
import type { SeriesRegistry } from '../samples/series-registry.ts';
import type { LatestRow } from '../store/sample-store.ts';
import { LatestShape, LatestValues } from './latest-values.ts';

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
  const latest = seriesNote<LatestValues>('latest');
  const byMeasurement = new Map<string, Listed>();
  const shapes = new WeakMap<readonly string[], LatestShape>();
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

  const shapeOf = (fields: readonly string[]): LatestShape => {
    let shape = shapes.get(fields);
    if (shape === undefined) {
      shape = new LatestShape(fields);
      shapes.set(fields, shape);
    }
    return shape;
  };

  const observeRow = (table: SampleTable, row: SampleRow, receivedAtMs: number): void => {
    const { series, timeMs, values } = row;
    const known = latest.of(series);
    // A row from the future is no reason to ignore what comes after it.
    if (known !== undefined && timeMs < known.timeMs && known.timeMs <= receivedAtMs) return;
    if (known === undefined) list(table, series);
    if (known?.shape.fields === table.fields) known.update(timeMs, values);
    else latest.set(series, new LatestValues(shapeOf(table.fields), timeMs, values, known));
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
    let last = after;
    for (const [series, number] of listed.series) {
      const values = number > after ? latest.of(series) : undefined;
      if (values === undefined || !isWanted(series)) continue;
      if (rows.length >= maxRows) return { rows, next: last };
      last = number;
      rows.push({
        tags: namedTags(listed.tagNames, series),
        timeMs: values.timeMs,
        fields: values.present(),
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
      for (const series of listed.series.keys()) {
        const row = latest.of(series);
        if (row !== undefined) look(series, row, listed.tagNames);
      }
    },
    walk: (measurement) => {
      const listed = byMeasurement.get(measurement);
      const rest = listed?.series.keys();
      return (max, look) => {
        if (listed === undefined || rest === undefined) return false;
        for (let count = 0; count < max; count++) {
          const next = rest.next();
          if (next.done === true) return false;
          const row = latest.of(next.value);
          if (row !== undefined) look(next.value, row, listed.tagNames);
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
