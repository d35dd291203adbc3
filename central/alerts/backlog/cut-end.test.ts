import { expect, it } from 'vitest';
import { batchOf } from '../testing/batches-and-rules.ts';
import { cutEndOf } from './cut-end.ts';

const S = 1_000;

function endS(rowsAtS: readonly number[], correctionMs = 0): number {
  const rows = rowsAtS.map((atS) => ({ tags: ['h'], timeMs: atS * S, values: [1] }));
  return cutEndOf(batchOf({ rows }), { receivedAtMs: 1_000 * S, correctionMs }) / S;
}

it('a cut ended with the oldest row of the first live batch', () => {
  expect(endS([990, 985, 999])).toBe(985);
});

it.each([[500], [700], [969]])('and not at %s s with an older row than live batches have', (oldS) => {
  expect(endS([oldS, 985])).toBe(985);
});

it('at the arrival of a batch that has only such rows, or none', () => {
  expect([endS([500]), endS([])]).toEqual([1_000, 1_000]);
});

it('by the clock of central, and never later than the arrival', () => {
  expect([endS([1_985], -1_000 * S), endS([1_985])]).toEqual([985, 1_000]);
});
