import { afterEach, beforeEach, expect } from 'vitest';
import type { Catalogue } from '../../../contract/catalogue.ts';
import { ANY, bool, float, fromAgent, int, tag, text } from '../../../contract/measurements/define.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import type { SampleStore, Series, SeriesQuery, StoreRejection } from '../sample-store.ts';
import type { SampleBatch } from '../../samples/sample-table.ts';
import { Series as SampleSeries } from '../../samples/series.ts';

/** What the stores under test are opened with. */
export const CONTRACT_CATALOGUE: Catalogue = new Map(
  ['probe', 'other'].map((name) => [
    name,
    fromAgent({
      name,
      en: name,
      vi: name,
      tags: { label: tag('label', 'nhãn') },
      fields: {
        ratio: float('', ANY, 'ratio', 'tỷ lệ'),
        total: int('', ANY, 'total', 'tổng'),
        ok: bool('ok', 'tốt'),
        note: text('note', 'ghi chú'),
      },
    }),
  ]),
);

const FIELDS = ['ratio', 'total', 'ok', 'note'] as const;
const TAGS = ['agent', 'label'] as const;
/** A whole minute, so that buckets are easy to count. */
export const START = 1_790_000_040_000;
export const MINUTE = 60_000;

export type Fields = Partial<Record<(typeof FIELDS)[number], FieldValue>>;
export interface Point extends Fields {
  readonly timeMs: number;
  readonly agent?: string;
  readonly label?: string;
}

export function contractBatch(seq: number, points: readonly Point[], measurement = 'probe'): SampleBatch {
  const rows = points.map((point) => ({
    series: new SampleSeries(
      measurement,
      TAGS.map((name) => (name === 'agent' ? (point.agent ?? 'a1') : point.label)),
    ),
    timeMs: point.timeMs,
    values: FIELDS.map((name) => point[name]),
  }));
  return { agent: 'a1', epoch: 'e1', seq, tables: [{ measurement, tags: TAGS, fields: FIELDS, rows }] };
}

export function contractQuery(change: Partial<SeriesQuery> = {}): SeriesQuery {
  return {
    measurement: 'probe',
    field: 'ratio',
    fromMs: START,
    toMs: START + 60 * MINUTE,
    aggregate: 'mean',
    groupBy: [],
    tags: {},
    maxPoints: 1_000,
    ...change,
  };
}

/** Prepares and writes, as ingest does. */
export function writeTo(
  store: SampleStore,
  batches: readonly SampleBatch[],
  signal = new AbortController().signal,
): Promise<readonly StoreRejection[]> {
  return store.write(
    batches.map((batch) => store.prepare(batch)),
    signal,
  );
}

/** The store of the present test. */
export interface Subject {
  readonly store: SampleStore;
  readonly signal: AbortSignal;
  readonly write: (...points: Point[]) => Promise<void>;
  readonly series: (change?: Partial<SeriesQuery>) => Promise<readonly Series[]>;
  readonly points: (change?: Partial<SeriesQuery>) => Promise<Series['points']>;
  /** Rolls up all that is older, also what came late. */
  readonly rollUp: (upToMs: number) => Promise<void>;
}

/** Opens a store before each test of the suite that calls this, and closes it afterwards. */
export function subjectFor(open: () => Promise<SampleStore>): Subject {
  let store: SampleStore;
  let seq = 0;
  const { signal } = new AbortController();
  beforeEach(async () => {
    store = await open();
  });
  afterEach(async () => {
    await store.close();
  });
  const series = async (change: Partial<SeriesQuery> = {}): Promise<readonly Series[]> =>
    (await store.query(contractQuery(change), signal)).series;
  return {
    get store() {
      return store;
    },
    signal,
    write: async (...points) => {
      expect(await writeTo(store, [contractBatch(++seq, points)])).toEqual([]);
    },
    series,
    rollUp: (upToMs) => rollUpAll(store, upToMs),
    points: async (change = {}) => (await series(change)).flatMap((one) => one.points),
  };
}

/** Late rows are rolled up when nothing came for their hour between two looks. */
export async function rollUpAll(store: SampleStore, upToMs: number): Promise<void> {
  const { signal } = new AbortController();
  for (let looks = 0; looks < 3; looks++) while (await store.rollUp(upToMs, signal));
}
