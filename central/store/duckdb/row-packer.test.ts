import { describe, expect, it } from 'vitest';
import { CONTRACT_CATALOGUE, contractBatch, START } from '../contract/fixture.ts';
import type { SampleBatch } from '../../samples/sample-table.ts';
import { RowPacker } from './row-packer.ts';

const MIXED = contractBatch(7, [
  { timeMs: START, ratio: 1.5, total: 3, ok: false, note: 'một' },
  { timeMs: START + 1, ratio: Number.POSITIVE_INFINITY },
  { timeMs: START + 2, label: 'x', total: 2n ** 60n },
  { timeMs: START + 3, note: 'refused\0', total: 2n ** 61n },
  { timeMs: START + 4, label: 'y', ok: true },
]);

describe('packed rows', () => {
  const packed = new RowPacker(CONTRACT_CATALOGUE).pack(MIXED);

  it('can be described, stored and refused ones, by the number they had in the batch', () => {
    const tags = { agent: 'a1' };
    expect([0, 1, 2, 3, 4].map((row) => packed.describe(row))).toEqual([
      {
        measurement: 'probe',
        raw: { tags, timeMs: START, fields: { ratio: 1.5, total: 3, ok: false, note: 'một' } },
        values: 4,
      },
      { measurement: 'probe', raw: { tags, timeMs: START + 1, fields: { ratio: Infinity } }, values: 1 },
      {
        measurement: 'probe',
        raw: { tags: { ...tags, label: 'x' }, timeMs: START + 2, fields: { total: 2n ** 60n } },
        values: 1,
      },
      {
        measurement: 'probe',
        raw: { tags, timeMs: START + 3, fields: { total: 2n ** 61n, note: 'refused\0' } },
        values: 2,
      },
      {
        measurement: 'probe',
        raw: { tags: { ...tags, label: 'y' }, timeMs: START + 4, fields: { ok: true } },
        values: 1,
      },
    ]);
    expect(packed.describe(5)).toEqual({ measurement: '', raw: undefined, values: 0 });
  });

  it('name the field that cannot be stored', () => {
    expect(packed.rejections).toEqual([
      {
        agent: 'a1',
        epoch: 'e1',
        seq: 7,
        row: 1,
        reason: 'field ratio: expected a finite number, got number Infinity',
      },
      { agent: 'a1', epoch: 'e1', seq: 7, row: 3, reason: 'field note: NUL cannot be stored' },
    ]);
  });

  it('count rows through all tables', () => {
    const other = contractBatch(8, [{ timeMs: START + 9, ratio: 9 }], 'other');
    const batch: SampleBatch = { ...other, tables: [...MIXED.tables, ...other.tables] };
    expect(new RowPacker(CONTRACT_CATALOGUE).pack(batch).describe(5)).toMatchObject({
      measurement: 'other',
      raw: { fields: { ratio: 9 } },
    });
  });

  it('refuse all rows of a table with a field that the catalogue does not know', () => {
    const [table] = MIXED.tables;
    const unknown = { ...MIXED, tables: [{ ...table!, fields: ['ratio', 'nope', 'ok', 'note'] }] };
    const { rejections, tables } = new RowPacker(CONTRACT_CATALOGUE).pack(unknown);
    expect(rejections).toHaveLength(5);
    expect(rejections[0]?.reason).toBe('measurement "probe" has no field "nope"');
    expect(tables).toEqual([]);
  });
});
