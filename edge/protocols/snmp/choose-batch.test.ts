import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseBatch, type PendingColumn } from './choose-batch.ts';

const columns = (count: number, expectedRows: number, isAlone = false): PendingColumn[] =>
  Array.from({ length: count }, () => ({ expectedRows, isAlone }));
const chosen = (pending: readonly PendingColumn[], values: number) => {
  const batch = chooseBatch(pending as [PendingColumn, ...PendingColumn[]], values);
  return [batch.columns.length, batch.maxRepetitions];
};

describe('a request', () => {
  it.each([
    ['a short table whole', columns(8, 5), 100, [8, 5]],
    ['of many columns ten', columns(30, 2), 100, [10, 2]],
    ['a long table in rows', columns(20, 201), 100, [10, 10]],
    ['less where answers are small', columns(20, 201), 20, [2, 10]],
    ['one value if need be', columns(20, 201), 1, [1, 1]],
    ['a single long column in requests of equal size', columns(1, 201), 100, [1, 67]],
    ['only columns of about the same length', [...columns(2, 5), ...columns(3, 201)], 100, [2, 5]],
    ['a column that must be alone alone', [...columns(1, 5, true), ...columns(3, 5)], 100, [1, 5]],
    ['others without it', [...columns(1, 5), ...columns(3, 5, true)], 100, [1, 5]],
  ])('takes %s', (_what, pending, values, expected) => {
    expect(chosen(pending, values)).toEqual(expected);
  });

  it('has the first column, at least one row and no more values than allowed, whatever is pending', () => {
    const column = fc.record({ expectedRows: fc.integer({ min: 1, max: 5_000 }), isAlone: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(column, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 200 }),
        (pending, values) => {
          const batch = chooseBatch(pending as [PendingColumn, ...PendingColumn[]], values);
          expect(batch.columns[0]).toBe(pending[0]);
          expect(batch.maxRepetitions).toBeGreaterThanOrEqual(1);
          expect(batch.columns.length * batch.maxRepetitions).toBeLessThanOrEqual(values);
          expect(batch.columns.length === 1 || batch.columns.every(({ isAlone }) => !isAlone)).toBe(true);
        },
      ),
    );
  });
});
