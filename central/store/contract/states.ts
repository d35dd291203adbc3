import { describe, expect, it } from 'vitest';
import { contractQuery, MINUTE, START, type Subject } from './fixture.ts';
import { StoreQueryError, type Across, type SeriesQuery } from '../sample-store.ts';
import { MAX_STATES } from '../state-shares.ts';

/** Shares of states over flags, texts and whole numbers. */
export function describeStates(subject: Subject): void {
  const { signal, write, series, points } = subject;
  const everyMs = MINUTE;

  describe('states', () => {
    it('have the share of true as the mean of a flag', async () => {
      await write(
        { timeMs: START, ok: true },
        { timeMs: START + 1, ok: true },
        { timeMs: START + 2, ok: false },
        { timeMs: START + 3, ok: true },
        { timeMs: START + MINUTE, ok: false },
        // Of a sample without the flag nothing is known.
        { timeMs: START + 2 * MINUTE, ratio: 1 },
        { timeMs: START + 3 * MINUTE, ok: true },
      );
      expect(await points({ field: 'ok', aggregate: 'mean', everyMs })).toEqual([
        [START, 0.75],
        [START + MINUTE, 0],
        [START + 3 * MINUTE, 1],
      ]);
    });

    it.each<[Across, number]>([
      ['sum', 1.5],
      ['mean', 0.5],
      ['min', 0],
      ['max', 1],
      ['count', 3],
      ['p50', 0.5],
      ['p95', 1],
    ])('of several flags have the %s of their means', async (across, expected) => {
      await write(
        { timeMs: START, label: 'x', ok: true },
        { timeMs: START, label: 'y', ok: true },
        { timeMs: START + 1, label: 'y', ok: false },
        { timeMs: START, label: 'z', ok: false },
      );
      expect(await points({ field: 'ok', aggregate: 'mean', across, everyMs })).toEqual([[START, expected]]);
    });

    it('of a series add up to 1, and one that is not there now is 0', async () => {
      await write(
        { timeMs: START, note: 'up' },
        { timeMs: START + 1, note: 'up' },
        { timeMs: START + 2, note: '' },
        { timeMs: START + 3, note: 'it\'s "down"\\' },
        { timeMs: START + MINUTE, note: 'up' },
        { timeMs: START, label: 'x', note: 'one' },
      );
      const shares = await series({ field: 'note', aggregate: 'share', everyMs });
      const stored = shares.filter(({ state }) => state !== '');
      expect(stored).toEqual([
        {
          tags: { agent: 'a1' },
          state: 'it\'s "down"\\',
          points: [
            [START, 0.25],
            [START + MINUTE, 0],
          ],
        },
        {
          tags: { agent: 'a1' },
          state: 'up',
          points: [
            [START, 0.5],
            [START + MINUTE, 1],
          ],
        },
        { tags: { agent: 'a1', label: 'x' }, state: 'one', points: [[START, 1]] },
      ]);
      const sum = shares.filter(({ tags }) => tags['label'] === undefined).map((one) => one.points[0]?.[1]);
      expect(sum.reduce((total: number, value) => total + Number(value), 0)).toBe(1);
    });

    it('are values of flags and whole numbers, too', async () => {
      const big = 2n ** 60n + 1n;
      await write(
        { timeMs: START, ok: true, total: 1 },
        { timeMs: START + 1, ok: true, total: big },
        { timeMs: START + 2, ok: false, total: 1 },
        { timeMs: START + 3, ok: false, total: -1 },
      );
      const statesOf = async (field: string) =>
        (await series({ field, aggregate: 'share', everyMs })).map((one) => [one.state, one.points[0]?.[1]]);
      expect(await statesOf('ok')).toEqual([
        [false, 0.5],
        [true, 0.5],
      ]);
      expect((await statesOf('total')).toSorted()).toEqual(
        [
          [-1, 0.25],
          [1, 0.5],
          [big, 0.25],
        ].toSorted(),
      );
    });

    it('of a group are the mean, or the number of series that have each', async () => {
      await write(
        { timeMs: START, label: 'x', note: '5g' },
        { timeMs: START + 1, label: 'x', note: 'lte' },
        { timeMs: START, label: 'y', note: 'lte' },
        { timeMs: START, agent: 'a2', label: 'y', note: 'lte' },
      );
      const shares = { field: 'note', aggregate: 'share', everyMs } as const;
      const ofAll = async (across: Across) =>
        (await series({ ...shares, across })).map(({ state, points: some }) => [state, some[0]?.[1]]);
      expect(await ofAll('sum')).toEqual([
        ['5g', 0.5],
        ['lte', 2.5],
      ]);
      expect(await ofAll('mean')).toEqual([
        ['5g', 0.5 / 3],
        ['lte', 2.5 / 3],
      ]);
      expect(await series({ ...shares, across: 'mean', groupBy: ['label'], tags: { label: ['y'] } })).toEqual(
        [{ tags: { label: 'y' }, state: 'lte', points: [[START, 1]] }],
      );
    });

    it('begin earlier by offsetMs, and are cut at the older end with a sign', async () => {
      await write(
        ...[0, 1, 2, 3].map((minute) => ({ timeMs: START + minute * MINUTE, ok: minute % 2 === 0 })),
      );
      const cut = await subject.store.query(
        contractQuery({ field: 'ok', aggregate: 'share', everyMs, offsetMs: 20_000, maxPoints: 4 }),
        signal,
      );
      expect(cut).toMatchObject({ truncated: true, completeFromMs: START + 2 * MINUTE - 20_000 });
      expect(cut.series.map(({ state, points: some }) => [state, some])).toEqual(
        [false, true].map((state) => [
          state,
          [2, 3].map((minute) => [START + minute * MINUTE - 20_000, (minute % 2 === 0) === state ? 1 : 0]),
        ]),
      );
    });

    it('are nothing where nothing is', async () => {
      for (const field of ['ok', 'note'])
        expect(await series({ field, aggregate: 'share', across: 'mean', everyMs })).toEqual([]);
    });

    it.each<[string, Partial<SeriesQuery>, RegExp]>([
      ['numbers with a fraction', { field: 'ratio' }, /^share needs states, "ratio" is float$/],
      ['the greatest share of several series', { field: 'note', across: 'max' }, /^across max cannot/],
    ])('are not %s', async (_, change, message) => {
      const query = contractQuery({ aggregate: 'share', everyMs, ...change });
      await expect(subject.store.query(query, signal)).rejects.toThrow(StoreQueryError);
      await expect(subject.store.query(query, signal)).rejects.toThrow(message);
    });

    it('are few', async () => {
      const write21 = Array.from({ length: MAX_STATES + 1 }, (_, index) => ({
        timeMs: START + index,
        note: `text ${index}`,
      }));
      await write(...write21);
      await expect(series({ field: 'note', aggregate: 'share', everyMs })).rejects.toThrow(
        /^aggregate share: "note" has more than 20 different values/,
      );
      expect(
        await series({ field: 'note', aggregate: 'share', everyMs, toMs: START + MAX_STATES }),
      ).toHaveLength(MAX_STATES);
    });
  });
}
