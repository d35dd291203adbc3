import { describe, expect, it } from 'vitest';
import { contractQuery, START, MINUTE, type Subject } from './fixture.ts';
import { StoreQueryError, type Across, type Aggregate, type SeriesQuery } from '../sample-store.ts';

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

    it('with everyMs gives the buckets of each series', async () => {
      await write(
        { timeMs: START, label: 'y', ratio: 1 },
        { timeMs: START + 1, label: 'x', ratio: 2 },
        { timeMs: START + 2, label: 'x', ratio: 4 },
        { timeMs: START + MINUTE, agent: 'a2', label: 'x', ratio: 8 },
      );

      expect(await series({ aggregate: 'mean', everyMs: MINUTE })).toEqual([
        { tags: { agent: 'a1', label: 'x' }, points: [[START, 3]] },
        { tags: { agent: 'a1', label: 'y' }, points: [[START, 1]] },
        { tags: { agent: 'a2', label: 'x' }, points: [[START + MINUTE, 8]] },
      ]);
    });

    // Two lines of 10 and of 30, the first sampled six times a minute, the second once.
    it.each<[Aggregate, Across, number]>([
      ['mean', 'sum', 40],
      ['mean', 'mean', 20],
      ['max', 'sum', 42],
      ['min', 'min', 8],
      ['max', 'max', 30],
      ['last', 'sum', 42],
      ['count', 'sum', 7],
      ['sum', 'sum', 90],
      ['p50', 'count', 2],
      ['mean', 'p50', 10],
      ['mean', 'p95', 30],
      ['max', 'p99', 30],
    ])('takes the %s of each series before the %s of all', async (aggregate, across, expected) => {
      const values = [8, 8, 8, 12, 12, 12];
      await write(
        ...values.map((value, at) => ({
          timeMs: START + at * 10_000,
          label: 'x',
          ratio: value,
          total: value,
        })),
        { timeMs: START + 5, label: 'y', ratio: 30, total: 30 },
      );

      for (const field of ['ratio', 'total']) {
        expect(await series({ field, aggregate, across, everyMs: MINUTE })).toEqual([
          { tags: {}, points: [[START, expected]] },
        ]);
      }
    });

    it('puts the series of each group together, and an absent tag is a group', async () => {
      await write(
        { timeMs: START, label: 'x', ratio: 1 },
        { timeMs: START, agent: 'a2', label: 'x', ratio: 2 },
        { timeMs: START + 1, agent: 'a2', label: 'x', ratio: 4 },
        { timeMs: START, label: 'y', ratio: 8 },
        { timeMs: START + MINUTE, ratio: 16 },
      );
      const sums = { aggregate: 'last', across: 'sum', everyMs: MINUTE } as const;

      expect(await series({ ...sums, groupBy: ['label'] })).toEqual([
        { tags: {}, points: [[START + MINUTE, 16]] },
        { tags: { label: 'x' }, points: [[START, 5]] },
        { tags: { label: 'y' }, points: [[START, 8]] },
      ]);
      expect(await series({ ...sums, groupBy: ['label', 'agent'], tags: { label: ['x'] } })).toEqual([
        { tags: { label: 'x', agent: 'a1' }, points: [[START, 1]] },
        { tags: { label: 'x', agent: 'a2' }, points: [[START, 4]] },
      ]);
    });

    it('counts the series of flags that have a value', async () => {
      await write(
        { timeMs: START, label: 'x', ok: true },
        { timeMs: START, label: 'y', ok: false },
        { timeMs: START + MINUTE, label: 'y', ok: false },
      );
      expect(await series({ field: 'ok', aggregate: 'last', across: 'count', everyMs: MINUTE })).toEqual([
        {
          tags: {},
          points: [
            [START, 2],
            [START + MINUTE, 1],
          ],
        },
      ]);
    });

    it.each([undefined, 'sum'] as const)('starts buckets earlier by offsetMs, across %s', async (across) => {
      const day = 86_400_000;
      const midnight = Math.floor(START / day) * day;
      const offsetMs = 7 * 3_600_000;
      await write(
        { timeMs: midnight - offsetMs - 1, ratio: 1 },
        { timeMs: midnight - offsetMs, ratio: 2 },
        { timeMs: midnight + day - offsetMs - 1, ratio: 4 },
        { timeMs: midnight + day - offsetMs, ratio: 8 },
      );
      const days = { everyMs: day, offsetMs, aggregate: 'sum' as const, toMs: midnight + 2 * day };

      expect(
        await points({ ...days, fromMs: midnight - day, ...(across !== undefined && { across }) }),
      ).toEqual([
        [midnight - day - offsetMs, 1],
        [midnight - offsetMs, 6],
        [midnight + day - offsetMs, 8],
      ]);
      expect(
        await points({
          ...days,
          fromMs: midnight - offsetMs + 1,
          ...(across !== undefined && { across }),
        }),
      ).toEqual([
        [midnight - offsetMs, 4],
        [midnight + day - offsetMs, 8],
      ]);
    });

    it('takes count, first and last of flags and texts', async () => {
      await write({ timeMs: START, ok: true, note: 'một' }, { timeMs: START + 1, ok: false, note: 'hai' });
      const everyMs = MINUTE;

      expect(await points({ field: 'ok', aggregate: 'count', everyMs })).toEqual([[START, 2]]);
      expect(await points({ field: 'ok', aggregate: 'last', everyMs })).toEqual([[START, false]]);
      expect(await points({ field: 'note', aggregate: 'first', everyMs })).toEqual([[START, 'một']]);
    });

    it('keeps whole numbers exact through min, max and last', async () => {
      const big = 2n ** 60n + 1n;
      await write({ timeMs: START, total: big }, { timeMs: START + 1, total: big + 2n });
      const everyMs = MINUTE;

      expect(await points({ field: 'total', aggregate: 'min', everyMs })).toEqual([[START, big]]);
      expect(await points({ field: 'total', aggregate: 'max', everyMs })).toEqual([[START, big + 2n]]);
      expect(await points({ field: 'total', aggregate: 'last', everyMs })).toEqual([[START, big + 2n]]);
    });

    describe.each<[string, Partial<SeriesQuery>, width: number]>([
      ['raw', {}, 1],
      ['in buckets', { everyMs: 1_000 }, 1_000],
      ['of groups', { everyMs: 1_000, across: 'max', groupBy: ['label'] }, 1_000],
    ])('with too many points, %s', (_how, ask, width) => {
      const fill = () =>
        write(
          ...[0, 1, 2, 3].flatMap((second) =>
            ['x', 'y'].map((label) => ({ timeMs: START + second * 1_000, label, ratio: second })),
          ),
        );
      const cutTo = (maxPoints: number, toMs = START + MINUTE) =>
        subject.store.query(contractQuery({ ...ask, maxPoints, toMs }), signal);

      it.each([4, 5])('gives the newest %i, of all series from the same time on', async (maxPoints) => {
        await fill();
        const cut = await cutTo(maxPoints);

        expect(cut.series.map((one) => one.points)).toEqual(
          ['x', 'y'].map(() => [
            [START + 2_000, 2],
            [START + 3_000, 3],
          ]),
        );
        expect(cut).toMatchObject({ truncated: true, completeFromMs: START + 1_000 + width });
      });

      it('gives all where they are no more than that', async () => {
        await fill();
        const whole = await cutTo(8);

        expect(whole).not.toHaveProperty('completeFromMs');
        expect(whole.truncated).toBe(false);
        expect(whole.series.flatMap((one) => one.points)).toHaveLength(8);
      });

      it('gives each point once to whoever goes on where it was complete', async () => {
        await fill();
        const seen: unknown[] = [];
        let toMs = START + MINUTE;
        for (;;) {
          const page = await cutTo(3, toMs);
          seen.push(
            ...page.series.flatMap(({ tags, points: some }) => some.map((one) => [tags['label'], ...one])),
          );
          if (page.completeFromMs === undefined) break;
          toMs = page.completeFromMs;
        }
        expect(seen).toEqual(
          [3, 2, 1, 0].flatMap((second) =>
            ['x', 'y'].map((label) => [label, START + second * 1_000, second]),
          ),
        );
      });

      it('refuses where one time alone has too many', async () => {
        await fill();
        await expect(cutTo(1)).rejects.toThrow(/^more than 1 series have a point at one time/);
      });
    });

    it('finds nothing where nothing is', async () => {
      const nothing = { series: [], truncated: false };
      expect(await subject.store.query(contractQuery(), signal)).toEqual(nothing);
      expect(
        await subject.store.query(
          contractQuery({ everyMs: MINUTE, across: 'sum', groupBy: ['label'] }),
          signal,
        ),
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
      ['an offset as wide as a bucket', { everyMs: MINUTE, offsetMs: MINUTE }],
      ['an offset below zero', { everyMs: MINUTE, offsetMs: -1 }],
      ['the sum across flags', { field: 'ok', everyMs: MINUTE, aggregate: 'last', across: 'sum' }],
      ['groups that nothing puts together', { everyMs: MINUTE, groupBy: ['label'] }],
      ['raw points put together', { across: 'sum' }],
      ['a time that is no number', { fromMs: Number.NaN }],
      ['maxPoints 0', { maxPoints: 0 }],
    ])('refuses %s', async (_, change) => {
      await expect(subject.store.query(contractQuery(change), signal)).rejects.toThrow(StoreQueryError);
    });
  });
}
