import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../../contract/sample.ts';
import { START, MINUTE, type Subject } from './fixture.ts';
import type { SeriesQuery } from '../sample-store.ts';

/** Tag values come back as they went in, whatever they contain. */
export function describeTags(subject: Subject): void {
  const { signal, write, series, points } = subject;

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
      expect(await series({ across: 'mean', groupBy: ['label'], everyMs: MINUTE })).toContainEqual({
        tags: { label },
        points: [[START, 1]],
      });
      const rows = await subject.store.latest(
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
}
