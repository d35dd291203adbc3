import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Catalogue } from '../../contract/catalogue.ts';
import { ANY, bool, float, fromAgent, int, tag, text } from '../../contract/measurements/define.ts';
import type { FieldValue } from '../../contract/sample.ts';
import {
  StoreQueryError,
  type Aggregate,
  type SampleStore,
  type Series,
  type SeriesQuery,
  type StoreBatch,
} from './sample-store.ts';

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
const START = 1_790_000_040_000;
const MINUTE = 60_000;

type Fields = Partial<Record<(typeof FIELDS)[number], FieldValue>>;
interface Point extends Fields {
  readonly timeMs: number;
  readonly agent?: string;
  readonly label?: string;
}

export function contractBatch(seq: number, points: readonly Point[], measurement = 'probe'): StoreBatch {
  const rows = points.map((point) => ({
    tags: TAGS.map((name) => (name === 'agent' ? (point.agent ?? 'a1') : point.label)),
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

/** What every SampleStore must do. `open` resolves with an opened store of CONTRACT_CATALOGUE without any data. */
export function describeSampleStore(name: string, open: () => Promise<SampleStore>): void {
  describe(`${name} as a sample store`, () => {
    let store: SampleStore;
    const { signal } = new AbortController();

    beforeEach(async () => {
      store = await open();
    });
    afterEach(async () => {
      await store.close();
    });

    async function write(...points: Point[]): Promise<void> {
      expect(await store.write([contractBatch(++seq, points)], signal)).toEqual([]);
    }
    let seq = 0;

    async function series(change: Partial<SeriesQuery> = {}): Promise<readonly Series[]> {
      return (await store.query(contractQuery(change), signal)).series;
    }
    async function points(change: Partial<SeriesQuery> = {}): Promise<Series['points']> {
      return (await series(change)).flatMap((one) => one.points);
    }

    describe('what is written', () => {
      it.each<[keyof Fields, FieldValue]>([
        ['ratio', -0.1],
        ['ratio', 1.5e300],
        ['ratio', 12_345_678_901_234_567_000],
        ['ratio', 3],
        ['total', 42],
        ['total', 2n ** 63n - 1n],
        ['total', -(2n ** 63n)],
        ['total', 2n ** 53n + 1n],
        ['ok', true],
        ['ok', false],
        ['note', 'đường truyền "chính" \\ dự phòng, a=b\nhàng hai'],
        ['note', ''],
        ['note', '12345678901234567890'],
      ])('comes back: %s %s', async (field, value) => {
        await write({ timeMs: START, [field]: value });

        expect(await points({ field })).toEqual([[START, value]]);
        const [row] = await store.latest({ measurement: 'probe', tags: {}, sinceMs: 0, maxRows: 9 }, signal);
        expect(row).toEqual({ tags: { agent: 'a1' }, timeMs: START, fields: { [field]: value } });
      });

      it('is there once, however often the batch is offered', async () => {
        const batch = contractBatch(1, [
          { timeMs: START, ratio: 1, total: 1 },
          { timeMs: START + 1, ratio: 2, label: 'x' },
        ]);
        for (const offered of [[batch], [batch], [batch, batch]]) {
          expect(await store.write(offered, signal)).toEqual([]);
        }

        expect(await points({ everyMs: MINUTE, aggregate: 'count' })).toEqual([[START, 2]]);
      });

      it('may come out of order and over many batches', async () => {
        const batches = [5, 1, 4, 2, 3].map((minute) =>
          contractBatch(minute, [{ timeMs: START + minute * MINUTE, ratio: minute }]),
        );
        expect(await store.write(batches, signal)).toEqual([]);
        await write({ timeMs: START, ratio: 0 });

        expect((await points()).map(([, value]) => value)).toEqual([0, 1, 2, 3, 4, 5]);
      });

      it('may leave out fields', async () => {
        await write({ timeMs: START, ratio: 1 }, { timeMs: START + 1, total: 2 });

        expect(await points({ field: 'ratio' })).toEqual([[START, 1]]);
        expect(await points({ field: 'total' })).toEqual([[START + 1, 2]]);
        expect(await points({ field: 'note' })).toEqual([]);
      });

      it('may be nothing', async () => {
        expect(await store.write([], signal)).toEqual([]);
        expect(await store.write([{ agent: 'a1', epoch: 'e1', seq: 1, tables: [] }], signal)).toEqual([]);
      });

      it('leaves out the rows that can never be stored, and names them', async () => {
        const bad = contractBatch(7, [
          { timeMs: START, ratio: 1 },
          { timeMs: START + 1, ratio: Number.NaN },
          { timeMs: START + 2, ratio: 3 },
          { timeMs: START + 3 },
        ]);
        const good = contractBatch(8, [{ timeMs: START + 4, ratio: 5 }]);

        const rejections = await store.write([bad, good], signal);

        expect(rejections.map(({ seq: of, row }) => [of, row])).toEqual([
          [7, 1],
          [7, 3],
        ]);
        expect(rejections.every(({ reason }) => reason.length > 0)).toBe(true);
        expect((await points()).map(([, value]) => value)).toEqual([1, 3, 5]);
      });
    });

    describe('tags', () => {
      const strange = [
        'a b',
        'a,b',
        '"quoted"',
        "it's",
        'a=b',
        'back\\slash',
        'Phường Bến Nghé',
        'a\\,b',
        "' OR 1=1 --",
        "\\' OR 'a'='a",
        '"; DROP MEASUREMENT "probe"; --',
        '/.*/',
        '🌧',
        '$x',
        ' edge ',
      ];

      it.each(strange)('keep the value %j, and it finds only itself', async (label) => {
        await write({ timeMs: START, label, ratio: 1 }, { timeMs: START, label: 'plain', ratio: 2 });

        expect(await series({ tags: { label: [label] } })).toEqual([
          { tags: { agent: 'a1', label }, points: [[START, 1]] },
        ]);
        expect(await series({ groupBy: ['label'], everyMs: MINUTE })).toContainEqual({
          tags: { label },
          points: [[START, 1]],
        });
        const rows = await store.latest(
          { measurement: 'probe', tags: { label: [label] }, sinceMs: 0, maxRows: 9 },
          signal,
        );
        expect(rows).toEqual([{ tags: { agent: 'a1', label }, timeMs: START, fields: { ratio: 1 } }]);
      });

      it.each([...strange, 'end\\', 'two\nlines', 'nul\0', '\\'])(
        'a filter by %j does no harm where nothing has it',
        async (label) => {
          await write({ timeMs: START, label: 'plain', ratio: 2 });

          expect(await points({ tags: { label: [label] } })).toEqual([]);
          expect(await points({ tags: { label: [label, 'plain'] } })).toEqual([[START, 2]]);
        },
      );

      it('can be filtered by several values, the empty one meaning absent', async () => {
        await write(
          { timeMs: START, label: 'x', ratio: 1 },
          { timeMs: START + 1, label: 'y', ratio: 2 },
          { timeMs: START + 2, label: 'z', ratio: 3 },
          { timeMs: START + 3, ratio: 4 },
          { timeMs: START + 4, agent: 'a2', label: 'x', ratio: 5 },
        );
        const found = async (tags: SeriesQuery['tags']): Promise<FieldValue[]> =>
          (await points({ tags })).map(([, value]) => value).sort();

        expect(await found({ label: ['x', 'z'] })).toEqual([1, 3, 5]);
        expect(await found({ label: ['x', ''] })).toEqual([1, 4, 5]);
        expect(await found({ label: ['x', 'y'], agent: ['a2', 'a3'] })).toEqual([5]);
        expect(await found({ label: [] })).toEqual([]);
        expect(await found({ host: [''] })).toHaveLength(5);
        expect(await found({ host: ['h1'] })).toEqual([]);
      });
    });

    describe('a query', () => {
      it('without everyMs gives the raw points of each tag set, from inclusive, to exclusive', async () => {
        await write(
          { timeMs: START - 1, ratio: 0 },
          { timeMs: START, ratio: 1 },
          { timeMs: START + 9, ratio: 2 },
          { timeMs: START + 10, ratio: 3 },
          { timeMs: START + 5, label: 'x', ratio: 4 },
        );

        expect(await series({ toMs: START + 10 })).toEqual([
          {
            tags: { agent: 'a1' },
            points: [
              [START, 1],
              [START + 9, 2],
            ],
          },
          { tags: { agent: 'a1', label: 'x' }, points: [[START + 5, 4]] },
        ]);
      });

      it('without everyMs may put tag sets together', async () => {
        await write(
          { timeMs: START, label: 'x', ratio: 1 },
          { timeMs: START + 1, label: 'y', ratio: 2 },
          { timeMs: START + 2, agent: 'a2', label: 'y', ratio: 3 },
        );

        expect(await series({ groupBy: ['agent'] })).toEqual([
          {
            tags: { agent: 'a1' },
            points: [
              [START, 1],
              [START + 1, 2],
            ],
          },
          { tags: { agent: 'a2' }, points: [[START + 2, 3]] },
        ]);
      });

      // Nearest rank by floor(n · p / 100 + 0.5): of four values the 2nd, the 4th and the 4th.
      it.each<[Aggregate, number, number]>([
        ['mean', 5, 9],
        ['min', 1, 9],
        ['max', 10, 9],
        ['sum', 20, 9],
        ['count', 4, 1],
        ['first', 7, 9],
        ['last', 10, 9],
        ['p50', 2, 9],
        ['p95', 10, 9],
        ['p99', 10, 9],
      ])('gives the %s of each bucket', async (aggregate, first, second) => {
        const values = [7, 1, 2, 10];
        await write(
          ...values.map((value, index) => ({ timeMs: START + index * 10, ratio: value, total: value })),
          { timeMs: START + 2 * MINUTE + 1, ratio: 9, total: 9 },
        );

        for (const field of ['ratio', 'total']) {
          expect(await points({ field, aggregate, everyMs: MINUTE })).toEqual([
            [START, first],
            [START + 2 * MINUTE, second],
          ]);
        }
      });

      it.each<[Aggregate, number]>([
        ['p50', 50],
        ['p95', 95],
        ['p99', 99],
      ])('takes the %s as a stored value', async (aggregate, expected) => {
        await write(
          ...Array.from({ length: 100 }, (_, index) => ({
            timeMs: START + ((index * 37) % 100),
            ratio: ((index * 37) % 100) + 1,
          })),
        );

        expect(await points({ aggregate, everyMs: MINUTE })).toEqual([[START, expected]]);
      });

      it('starts buckets at multiples of everyMs since 1970, and counts nothing outside the range', async () => {
        const everyMs = 7_000;
        const bucket = Math.floor(START / everyMs) * everyMs;
        await write(
          { timeMs: bucket, ratio: 1 },
          { timeMs: bucket + 1, ratio: 1 },
          { timeMs: bucket + everyMs - 1, ratio: 1 },
          { timeMs: bucket + everyMs, ratio: 1 },
          { timeMs: bucket + everyMs + 1, ratio: 1 },
        );

        expect(
          await points({
            aggregate: 'count',
            everyMs,
            fromMs: bucket + 1,
            toMs: bucket + everyMs + 1,
          }),
        ).toEqual([
          [bucket, 2],
          [bucket + everyMs, 1],
        ]);
      });

      it('with everyMs makes one series of everything, or one for each value of groupBy', async () => {
        await write(
          { timeMs: START, label: 'y', ratio: 1 },
          { timeMs: START, label: 'x', ratio: 2 },
          { timeMs: START + 1, label: 'x', agent: 'a2', ratio: 4 },
          { timeMs: START + MINUTE, ratio: 8 },
        );
        const sums = { aggregate: 'sum', everyMs: MINUTE } as const;

        expect(await series(sums)).toEqual([
          {
            tags: {},
            points: [
              [START, 7],
              [START + MINUTE, 8],
            ],
          },
        ]);
        expect(await series({ ...sums, groupBy: ['label'] })).toEqual([
          { tags: {}, points: [[START + MINUTE, 8]] },
          { tags: { label: 'x' }, points: [[START, 6]] },
          { tags: { label: 'y' }, points: [[START, 1]] },
        ]);
        expect(await series({ ...sums, groupBy: ['agent', 'label'], toMs: START + 2 })).toEqual([
          { tags: { agent: 'a1', label: 'x' }, points: [[START, 2]] },
          { tags: { agent: 'a1', label: 'y' }, points: [[START, 1]] },
          { tags: { agent: 'a2', label: 'x' }, points: [[START, 4]] },
        ]);
      });

      it('takes count, first and last of flags and texts', async () => {
        await write({ timeMs: START, ok: true, note: 'một' }, { timeMs: START + 1, ok: false, note: 'hai' });
        const everyMs = MINUTE;

        expect(await points({ field: 'ok', aggregate: 'count', everyMs })).toEqual([[START, 2]]);
        expect(await points({ field: 'ok', aggregate: 'last', everyMs })).toEqual([[START, false]]);
        expect(await points({ field: 'note', aggregate: 'first', everyMs })).toEqual([[START, 'một']]);
      });

      it('takes the greatest of several first or last points', async () => {
        await write(
          { timeMs: START, label: 'x', ratio: 1 },
          { timeMs: START, label: 'y', ratio: 3 },
          { timeMs: START, label: 'z', ratio: 2 },
        );

        for (const aggregate of ['first', 'last'] as const) {
          expect(await points({ aggregate, everyMs: MINUTE })).toEqual([[START, 3]]);
        }
      });

      it('keeps whole numbers exact through min, max and last', async () => {
        const big = 2n ** 60n + 1n;
        await write({ timeMs: START, total: big }, { timeMs: START + 1, total: big + 2n });
        const everyMs = MINUTE;

        expect(await points({ field: 'total', aggregate: 'min', everyMs })).toEqual([[START, big]]);
        expect(await points({ field: 'total', aggregate: 'max', everyMs })).toEqual([[START, big + 2n]]);
        expect(await points({ field: 'total', aggregate: 'last', everyMs })).toEqual([[START, big + 2n]]);
      });

      it.each([undefined, 1_000])(
        'returns the earliest maxPoints and says so, everyMs %s',
        async (everyMs) => {
          await write(
            ...[0, 1, 2, 3].flatMap((second) =>
              ['x', 'y'].map((label) => ({ timeMs: START + second * 1_000, label, ratio: second })),
            ),
          );
          const ask = { groupBy: ['label'], ...(everyMs !== undefined && { everyMs }) };
          const cut = await store.query(contractQuery({ ...ask, maxPoints: 4 }), signal);
          const whole = await store.query(contractQuery({ ...ask, maxPoints: 8 }), signal);

          expect(cut.truncated).toBe(true);
          expect(cut.series.map((one) => one.points)).toEqual(
            ['x', 'y'].map(() => [
              [START, 0],
              [START + 1_000, 1],
            ]),
          );
          expect(whole.truncated).toBe(false);
          expect(whole.series.flatMap((one) => one.points)).toHaveLength(8);
        },
      );

      it('finds nothing where nothing is', async () => {
        const nothing = { series: [], truncated: false };
        expect(await store.query(contractQuery(), signal)).toEqual(nothing);
        expect(await store.query(contractQuery({ everyMs: MINUTE, groupBy: ['label'] }), signal)).toEqual(
          nothing,
        );
        await write({ timeMs: START, ratio: 1 });
        expect(await store.query(contractQuery({ fromMs: START + 1 }), signal)).toEqual(nothing);
        expect(await store.query(contractQuery({ fromMs: START + 1, toMs: START }), signal)).toEqual(nothing);
        expect(await store.query(contractQuery({ measurement: 'other' }), signal)).toEqual(nothing);
      });

      it('may ask for all of time', async () => {
        await write({ timeMs: START, ratio: 1 }, { timeMs: 0, ratio: 0 });
        const allOfTime = { fromMs: Number.MIN_SAFE_INTEGER, toMs: Number.MAX_SAFE_INTEGER };

        expect(await points(allOfTime)).toEqual([
          [0, 0],
          [START, 1],
        ]);
        expect(await points({ ...allOfTime, everyMs: MINUTE })).toHaveLength(2);
      });

      it.each<[string, Partial<SeriesQuery>]>([
        ['an unknown measurement', { measurement: 'probe"; DROP DATABASE x' }],
        ['an unknown field', { field: 'nope' }],
        ['a field of another kind', { field: 'toString' }],
        ['an unknown tag to group by', { groupBy: ['nope'] }],
        ['an unknown tag to filter by', { tags: { '"label" = \'\' OR "label': ['x'] } }],
        ['a mean of texts', { field: 'note', everyMs: MINUTE }],
        ['everyMs 0', { everyMs: 0 }],
        ['a time that is no number', { fromMs: Number.NaN }],
        ['maxPoints 0', { maxPoints: 0 }],
      ])('refuses %s', async (_, change) => {
        await expect(store.query(contractQuery(change), signal)).rejects.toThrow(StoreQueryError);
      });
    });

    describe('latest', () => {
      const ask = { measurement: 'probe', tags: {}, sinceMs: START, maxRows: 10 };

      it('gives the newest row of each series with the fields of that row', async () => {
        await write(
          { timeMs: START + 5, label: 'x', ratio: 2, total: 7, ok: true, note: 'mới' },
          { timeMs: START, label: 'x', ratio: 1 },
          { timeMs: START + 1, label: 'y', ratio: 3 },
          { timeMs: START - 1, label: 'old', ratio: 4 },
        );

        const rows = await store.latest(ask, signal);

        expect(rows).toHaveLength(2);
        expect(rows).toContainEqual({
          tags: { agent: 'a1', label: 'x' },
          timeMs: START + 5,
          fields: { ratio: 2, total: 7, ok: true, note: 'mới' },
        });
        expect(rows).toContainEqual({
          tags: { agent: 'a1', label: 'y' },
          timeMs: START + 1,
          fields: { ratio: 3 },
        });
        expect(await store.latest({ ...ask, maxRows: 1 }, signal)).toHaveLength(1);
        expect(await store.latest({ ...ask, tags: { label: ['y', 'q'] } }, signal)).toHaveLength(1);
        expect(await store.latest({ ...ask, measurement: 'other' }, signal)).toEqual([]);
      });

      it('refuses what the catalogue does not know', async () => {
        const asked = [
          { ...ask, measurement: 'nope' },
          { ...ask, tags: { nope: ['x'] } },
          { ...ask, maxRows: 0 },
        ];
        for (const query of asked) {
          await expect(store.latest(query, signal)).rejects.toThrow(StoreQueryError);
        }
      });
    });

    it('removes what is older than a time, of every measurement', async () => {
      await store.deleteBefore(START, signal);
      const times = [START - 1, START, START + 1].map((timeMs) => ({ timeMs, ratio: 1 }));
      await store.write([contractBatch(1, times), contractBatch(2, times, 'other')], signal);

      await store.deleteBefore(START, signal);

      for (const measurement of ['probe', 'other']) {
        expect(await points({ measurement, fromMs: 0 })).toEqual([
          [START, 1],
          [START + 1, 1],
        ]);
      }
    });
  });
}
