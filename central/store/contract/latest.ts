import { describe, expect, it } from 'vitest';
import { START, type Subject } from './fixture.ts';
import { StoreQueryError } from '../sample-store.ts';

/** The newest row of each series. */
export function describeLatest(subject: Subject): void {
  const { signal, write } = subject;

  describe('latest', () => {
    const ask = { measurement: 'probe', tags: {}, sinceMs: START, maxRows: 10 };

    it('gives the newest row of each series with the fields of that row', async () => {
      await write(
        { timeMs: START + 5, label: 'x', ratio: 2, total: 7, ok: true, note: 'mới' },
        { timeMs: START, label: 'x', ratio: 1 },
        { timeMs: START + 1, label: 'y', ratio: 3 },
        { timeMs: START - 1, label: 'old', ratio: 4 },
      );

      const rows = await subject.store.latest(ask, signal);

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
      expect(await subject.store.latest({ ...ask, maxRows: 1 }, signal)).toHaveLength(1);
      expect(await subject.store.latest({ ...ask, tags: { label: ['y', 'q'] } }, signal)).toHaveLength(1);
      expect(await subject.store.latest({ ...ask, measurement: 'other' }, signal)).toEqual([]);
    });

    it('refuses what the catalogue does not know', async () => {
      const asked = [
        { ...ask, measurement: 'nope' },
        { ...ask, tags: { nope: ['x'] } },
        { ...ask, maxRows: 0 },
      ];
      for (const query of asked) {
        await expect(subject.store.latest(query, signal)).rejects.toThrow(StoreQueryError);
      }
    });
  });
}
