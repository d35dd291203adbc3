import { describe, expect, it } from 'vitest';
import { MINUTE, START, type Subject } from './fixture.ts';
import { StoreQueryError, type SumsQuery, type SumsResult } from '../sample-store.ts';

const HOUR = 60 * MINUTE;
/** A whole hour. */
const DAWN = Math.floor(START / HOUR) * HOUR;

/** Sums of several fields, by groups of series. */
export function describeSums(subject: Subject): void {
  const { signal, write, rollUp } = subject;
  const ask = (change: Partial<SumsQuery> = {}): Promise<SumsResult> =>
    subject.store.sums(
      {
        ...{ measurement: 'probe', fields: ['ratio', 'total'], groupBy: ['label'], tags: {}, maxGroups: 10 },
        ...{ fromMs: DAWN, toMs: DAWN + 3 * HOUR, ...change },
      },
      signal,
    );
  const groups = async (change?: Partial<SumsQuery>): Promise<SumsResult['groups']> =>
    (await ask(change)).groups;

  describe('sums', () => {
    it('of several fields of the series of a group, from inclusive, to exclusive', async () => {
      await write(
        { timeMs: DAWN - 1, label: 'x', ratio: 99, total: 99 },
        { timeMs: DAWN, label: 'x', ratio: 0.5, total: 1 },
        { timeMs: DAWN + 1, label: 'x', agent: 'a2', ratio: 0.25 },
        { timeMs: DAWN + 2, label: 'y', total: 7 },
        { timeMs: DAWN + 3, total: 4 },
        { timeMs: DAWN + 4, label: 'no number', note: 'up' },
        { timeMs: DAWN + 3 * HOUR, label: 'x', ratio: 99 },
      );

      expect(await groups()).toEqual([
        { tags: {}, sums: [0, 4] },
        { tags: { label: 'x' }, sums: [0.75, 1] },
        { tags: { label: 'y' }, sums: [0, 7] },
      ]);
      expect(await groups({ groupBy: [] })).toEqual([{ tags: {}, sums: [0.75, 12] }]);
      expect(await groups({ tags: { label: ['x', 'z'] }, groupBy: ['agent'] })).toEqual([
        { tags: { agent: 'a1' }, sums: [0.5, 1] },
        { tags: { agent: 'a2' }, sums: [0.25, 0] },
      ]);
      expect(await groups({ tags: { label: ['z'] }, groupBy: [] })).toEqual([]);
      expect(await groups({ measurement: 'other' })).toEqual([]);
    });

    it('are the same out of samples, minutes and hours, and say which they are of', async () => {
      await write(
        ...Array.from({ length: 3 * 60 }, (_, at) => ({
          ...{ timeMs: DAWN + at * MINUTE + 1, label: at % 2 === 0 ? 'x' : 'y' },
          ...{ ratio: at / 8, total: at },
        })),
      );
      const ranges = [
        {},
        { fromMs: DAWN + 7 * MINUTE, toMs: DAWN + 2 * HOUR + 9 * MINUTE },
        { fromMs: DAWN + 7 * MINUTE + 1, toMs: DAWN + 2 * HOUR + 9 * MINUTE + 2 },
        { fromMs: DAWN + HOUR },
      ];
      const before: SumsResult['groups'][] = [];
      for (const range of ranges) before.push(await groups(range));
      await rollUp(DAWN + 2 * HOUR);

      for (const [at, range] of ranges.entries()) expect(await groups(range)).toEqual(before[at]);
      const { sources } = await ask({ fromMs: DAWN + 59 * MINUTE });
      expect(sources).toEqual([
        { resolution: 'minute', fromMs: DAWN + 59 * MINUTE, toMs: DAWN + HOUR },
        { resolution: 'hour', fromMs: DAWN + HOUR, toMs: DAWN + 2 * HOUR },
        { resolution: 'raw', fromMs: DAWN + 2 * HOUR, toMs: DAWN + 3 * HOUR },
      ]);
      await subject.store.deleteBefore({ rawMs: DAWN + 2 * HOUR, minuteMs: DAWN + HOUR, hourMs: 0 }, signal);
      expect(await groups()).toEqual(before[0]);
    });

    it('of more groups than are wanted say so', async () => {
      await write(...['x', 'y', 'z'].map((label, at) => ({ timeMs: DAWN + at, label, total: 1 })));
      expect((await ask({ maxGroups: 3 })).truncated).toBe(false);
      const cut = await ask({ maxGroups: 2 });
      expect([cut.groups.length, cut.truncated]).toEqual([2, true]);
    });

    it.each<[string, Partial<SumsQuery>]>([
      ['unknown measurement "nothing"', { measurement: 'nothing' }],
      ['measurement "probe" has no field "speed"', { fields: ['ratio', 'speed'] }],
      ['sums needs numbers, "note" is string', { fields: ['note'] }],
      ['measurement "probe" has no tag "colour"', { groupBy: ['colour'] }],
      ['measurement "probe" has no tag "shape"', { tags: { shape: ['round'] } }],
    ])('%s', async (problem, change) => {
      // Some stores find it before they ask, some while they do.
      const asked = (async () => ask(change))();
      await expect(asked).rejects.toThrow(StoreQueryError);
      await expect(asked).rejects.toThrow(problem);
    });
  });
}
