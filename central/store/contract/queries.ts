import { describe, expect, it } from 'vitest';
import { contractQuery, START, MINUTE, type Subject } from './fixture.ts';
import { StoreQueryError, type SeriesQuery, type Aggregate } from '../sample-store.ts';

/** Raw points, buckets and their aggregates. */
export function describeQueries(subject: Subject): void {
  const { signal, write, series, points } = subject;

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

    it.each([undefined, 1_000])('returns the earliest maxPoints and says so, everyMs %s', async (everyMs) => {
      await write(
        ...[0, 1, 2, 3].flatMap((second) =>
          ['x', 'y'].map((label) => ({ timeMs: START + second * 1_000, label, ratio: second })),
        ),
      );
      const ask = { groupBy: ['label'], ...(everyMs !== undefined && { everyMs }) };
      const cut = await subject.store.query(contractQuery({ ...ask, maxPoints: 4 }), signal);
      const whole = await subject.store.query(contractQuery({ ...ask, maxPoints: 8 }), signal);

      expect(cut.truncated).toBe(true);
      expect(cut.series.map((one) => one.points)).toEqual(
        ['x', 'y'].map(() => [
          [START, 0],
          [START + 1_000, 1],
        ]),
      );
      expect(whole.truncated).toBe(false);
      expect(whole.series.flatMap((one) => one.points)).toHaveLength(8);
    });

    it('finds nothing where nothing is', async () => {
      const nothing = { series: [], truncated: false };
      expect(await subject.store.query(contractQuery(), signal)).toEqual(nothing);
      expect(
        await subject.store.query(contractQuery({ everyMs: MINUTE, groupBy: ['label'] }), signal),
      ).toEqual(nothing);
      await write({ timeMs: START, ratio: 1 });
      expect(await subject.store.query(contractQuery({ fromMs: START + 1 }), signal)).toEqual(nothing);
      expect(await subject.store.query(contractQuery({ fromMs: START + 1, toMs: START }), signal)).toEqual(
        nothing,
      );
      expect(await subject.store.query(contractQuery({ measurement: 'other' }), signal)).toEqual(nothing);
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
      await expect(subject.store.query(contractQuery(change), signal)).rejects.toThrow(StoreQueryError);
    });
  });
}
