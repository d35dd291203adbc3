import type { MeasurementDefinition } from '../../../contract/catalogue.ts';
import { DEVICE } from '../../../contract/measurements/define.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import type { SampleRow } from '../../samples/sample-table.ts';
import { Series } from '../../samples/series.ts';
import { tagNames } from '../../samples/tag-names.ts';
import type { SampleStore, SeriesResult } from '../../store/sample-store.ts';

/** A row as an agent sent it. */
export interface StoredRow {
  readonly agent: string;
  readonly row: SampleRow;
}

export interface StoredSlice {
  /** In the order of time. */
  readonly rows: readonly StoredRow[];
  /** Values that were read. */
  readonly points: number;
  /** The store had more than it may give at once: nothing of the slice is in `rows`. */
  readonly isTooLarge: boolean;
  /** What was measured before it is no longer kept as it was measured. */
  readonly availableFromMs?: number;
}

export interface SliceQuery {
  readonly fromMs: number;
  readonly toMs: number;
  readonly maxPoints: number;
}

/** What of a measurement is read. */
export interface RowSelection {
  readonly measurement: MeasurementDefinition;
  readonly fields: readonly string[];
  readonly tags: Readonly<Record<string, readonly string[]>>;
  /** False: the inventory lacks the device, and central would raise no alert about it. */
  readonly isExpected: (device: string) => boolean;
}

/** Puts rows together again from what a store keeps field by field. Each series is one object over all slices, as in central. */
export class StoredRows {
  readonly #store: Pick<SampleStore, 'query'>;
  readonly #selection: RowSelection;
  readonly tagNames: readonly string[];
  readonly #series = new Map<string, Series>();

  constructor(store: Pick<SampleStore, 'query'>, selection: RowSelection) {
    this.#store = store;
    this.#selection = selection;
    this.tagNames = tagNames(selection.measurement);
  }

  get seriesCount(): number {
    return this.#series.size;
  }

  /** Throws what the store throws. */
  async read({ fromMs, toMs, maxPoints }: SliceQuery, signal: AbortSignal): Promise<StoredSlice> {
    const { measurement, fields, tags } = this.#selection;
    const open = new Map<Series, Map<number, (FieldValue | undefined)[]>>();
    let points = 0;
    let availableFromMs: number | undefined;
    for (const [at, field] of fields.entries()) {
      const query = { measurement: measurement.name, field, fromMs, toMs, tags, maxPoints };
      const found = await this.#store.query({ ...query, aggregate: 'last', groupBy: [] }, signal);
      if (found.truncated) return { rows: [], points, isTooLarge: true };
      if (found.availableFromMs !== undefined) availableFromMs = found.availableFromMs;
      points += this.#take(found, at, open);
    }
    const rows = [...open].flatMap(([series, byTime]) =>
      [...byTime].map(([timeMs, values]): StoredRow => {
        const agent = series.tags[this.tagNames.indexOf('agent')] ?? '';
        return { agent, row: { series, timeMs, values } };
      }),
    );
    rows.sort((a, b) => a.row.timeMs - b.row.timeMs);
    return { rows, points, isTooLarge: false, ...(availableFromMs !== undefined && { availableFromMs }) };
  }

  #take(
    { series }: SeriesResult,
    at: number,
    open: Map<Series, Map<number, (FieldValue | undefined)[]>>,
  ): number {
    let points = 0;
    for (const one of series) {
      const known = this.#seriesOf(one.tags);
      let byTime = open.get(known);
      if (byTime === undefined) open.set(known, (byTime = new Map<number, (FieldValue | undefined)[]>()));
      for (const [timeMs, value] of one.points) {
        points++;
        const values = byTime.get(timeMs);
        if (values !== undefined) values[at] = value;
        else {
          const fresh = new Array<FieldValue | undefined>(this.#selection.fields.length).fill(undefined);
          fresh[at] = value;
          byTime.set(timeMs, fresh);
        }
      }
    }
    return points;
  }

  #seriesOf(tags: Readonly<Record<string, string>>): Series {
    const values = this.tagNames.map((name) => tags[name]);
    const key = JSON.stringify(values);
    let series = this.#series.get(key);
    if (series === undefined) {
      const { measurement, isExpected } = this.#selection;
      const device = tags['device'];
      // Elsewhere it is a disk or a part of a machine.
      const isKnown = device === undefined || measurement.tags['device'] !== DEVICE || isExpected(device);
      this.#series.set(key, (series = new Series(measurement.name, values, isKnown)));
    }
    return series;
  }
}
