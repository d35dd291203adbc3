import { expect, it } from 'vitest';
import { LatestRows } from './latest-rows.ts';

const FIELDS = Array.from({ length: 20 }, (_, at) => `field_${String(at)}`);
/** Of a row: its time, its pace and its values. */
const ROW_BYTES = 8 * (2 + FIELDS.length);

it('takes little for each of many sets of fields that one series has, as an agent can make them up', () => {
  const before = process.memoryUsage().arrayBuffers;
  const all = Array.from({ length: 5_000 }, () => new LatestRows(FIELDS));
  for (const rows of all) rows.add();
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 * all.length * ROW_BYTES);
});

it('keeps what it has while it grows', () => {
  const rows = new LatestRows(FIELDS);
  const added = Array.from({ length: 300 }, (_, at) => {
    const row = rows.add();
    rows.update(row, 1_000 + at, [at, at % 2 === 0, `text ${String(at)}`]);
    return row;
  });
  for (const [at, row] of added.entries()) {
    expect(rows.timeMsOf(row)).toBe(1_000 + at);
    expect(rows.present(row)).toEqual({ field_0: at, field_1: at % 2 === 0, field_2: `text ${String(at)}` });
  }
});
