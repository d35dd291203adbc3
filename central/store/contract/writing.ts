import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../../contract/sample.ts';
import { contractBatch, START, MINUTE, type Fields, type Subject, writeTo } from './fixture.ts';

/** What a store does with batches. */
export function describeWriting(subject: Subject): void {
  const { signal, write, points } = subject;

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
      const [row] = await subject.store.latest(
        { measurement: 'probe', tags: {}, sinceMs: 0, maxRows: 9 },
        signal,
      );
      expect(row).toEqual({ tags: { agent: 'a1' }, timeMs: START, fields: { [field]: value } });
    });

    it('is there once, however often the batch is offered', async () => {
      const batch = contractBatch(1, [
        { timeMs: START, ratio: 1, total: 1 },
        { timeMs: START + 1, ratio: 2, label: 'x' },
      ]);
      for (const offered of [[batch], [batch], [batch, batch]]) {
        expect(await writeTo(subject.store, offered)).toEqual([]);
      }

      expect(await points({ everyMs: MINUTE, aggregate: 'count', across: 'sum' })).toEqual([[START, 2]]);
    });

    it('may come out of order and over many batches', async () => {
      const batches = [5, 1, 4, 2, 3].map((minute) =>
        contractBatch(minute, [{ timeMs: START + minute * MINUTE, ratio: minute }]),
      );
      expect(await writeTo(subject.store, batches)).toEqual([]);
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
      expect(await writeTo(subject.store, [])).toEqual([]);
      expect(await writeTo(subject.store, [{ agent: 'a1', epoch: 'e1', seq: 1, tables: [] }])).toEqual([]);
    });

    it('leaves out the rows that can never be stored, and names them', async () => {
      const bad = contractBatch(7, [
        { timeMs: START, ratio: 1 },
        { timeMs: START + 1, ratio: Number.NaN },
        { timeMs: START + 2, ratio: 3 },
        { timeMs: START + 3 },
      ]);
      const good = contractBatch(8, [{ timeMs: START + 4, ratio: 5 }]);

      const rejections = await writeTo(subject.store, [bad, good]);

      expect(rejections.map(({ seq: of, row }) => [of, row])).toEqual([
        [7, 1],
        [7, 3],
      ]);
      expect(rejections.every(({ reason }) => reason.length > 0)).toBe(true);
      expect((await points()).map(([, value]) => value)).toEqual([1, 3, 5]);
    });
  });
}
