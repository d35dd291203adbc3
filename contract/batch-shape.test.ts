import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchSchema } from './batch.ts';
import { isPlainBatch } from './batch-shape.ts';

const GOOD = {
  v: 1,
  epoch: 'k3f9a2c1',
  seq: 1,
  lowest: 1,
  sentAtMs: 1_795_462_349_123,
  backfill: false,
  baseMs: 1_795_462_349_000,
  tables: [{ measurement: 'ping', tags: ['device'], fields: ['ttl'], rows: [[['n-1'], 0, [64]]] }],
};

/** Values that are almost right, for every place of a batch. */
const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(
    undefined,
    null,
    NaN,
    -0,
    0,
    1,
    1.5,
    2 ** 53,
    -1,
    '',
    'a'.repeat(64),
    'a'.repeat(65),
    [],
    {},
  ),
  fc.array(fc.constantFrom('device', '', 'x'.repeat(65)), { maxLength: 20 }),
);
const PLACES = [
  ...Object.keys(GOOD).map((name) => [name]),
  ...['measurement', 'tags', 'fields', 'rows'].map((name) => ['tables', 0, name]),
  ['tables', 0],
  ['losses'],
];

function changed(places: readonly (readonly (string | number)[])[], values: readonly unknown[]): object {
  const batch: unknown = structuredClone(GOOD);
  places.forEach((place, at) => {
    let part = batch as Record<string | number, unknown>;
    for (const name of place.slice(0, -1)) {
      if (typeof part[name] !== 'object' || part[name] === null) return;
      part = part[name] as Record<string | number, unknown>;
    }
    part[place.at(-1) ?? ''] = values[at];
  });
  return batch as object;
}

describe('a plain batch', () => {
  it('is one that the schema takes without a change', () => {
    expect(isPlainBatch(GOOD)).toBe(true);
    expect(batchSchema.parse(GOOD)).toEqual(GOOD);
  });

  it.each([
    ['a table too many', { ...GOOD, tables: Array.from({ length: 65 }, () => GOOD.tables[0]) }],
    [
      'a row too many',
      { ...GOOD, tables: [{ ...GOOD.tables[0], rows: Array.from({ length: 1_001 }, () => 1) }] },
    ],
    ['losses', { ...GOOD, losses: [] }],
    ['a seq beyond all bounds', { ...GOOD, seq: 2 ** 53 - 1 }],
    ['a lowest beyond all bounds', { ...GOOD, lowest: 2 ** 53 - 1 }],
    ['another version', { ...GOOD, v: 2 }],
  ])('is none with %s', (_what, batch) => {
    expect(isPlainBatch(batch)).toBe(false);
  });

  it('is never taken where the schema refuses, and is taken wherever there are no losses', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...PLACES), { minLength: 1, maxLength: 3 }),
        fc.array(odd, { minLength: 3, maxLength: 3 }),
        (places, values) => {
          const batch = changed(places, values);
          const { success } = batchSchema.safeParse(batch);
          const hasLosses = 'losses' in batch && batch.losses !== undefined;
          expect(isPlainBatch(batch)).toBe(success && !hasLosses);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
