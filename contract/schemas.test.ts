import { describe, expect, it } from 'vitest';
import { ackSchema, flowSchema } from './ack.ts';
import { batchSchema, lossSchema, MAX_BATCH_POINTS } from './batch.ts';
import { stateSchema } from './state.ts';

const ack = { v: 1, epoch: 'k3f9a2c1', stored: [[1, 2]], window: 8, backfillPerS: 0 };
const state = { v: 1, online: true, birth: 1 };
const loss = { from: 1, to: 2, points: 3, fromMs: 4, toMs: 5, reason: 'queue-full' };
const batch = {
  v: 1,
  epoch: 'k3f9a2c1',
  seq: 1,
  lowest: 1,
  sentAtMs: 0,
  backfill: false,
  baseMs: 0,
  tables: [],
};
const table = { measurement: 'ping', tags: [], fields: [], rows: [] };

/** Where the schema finds fault. */
function faults(
  schema: typeof ackSchema | typeof batchSchema | typeof stateSchema,
  value: unknown,
): string[] {
  const result = schema.safeParse(value);
  return result.success ? [] : result.error.issues.map(({ path }) => path.join('.'));
}

describe('the schemas of messages', () => {
  it('accept the required fields alone', () => {
    expect(faults(ackSchema, ack)).toEqual([]);
    expect(faults(stateSchema, state)).toEqual([]);
    expect(faults(batchSchema, batch)).toEqual([]);
    expect(lossSchema.parse(loss)).toEqual(loss);
  });

  it('ignore unknown keys, so that a newer version may add some', () => {
    expect(ackSchema.parse({ ...ack, more: 1 })).toEqual(ack);
    expect(batchSchema.parse({ ...batch, more: 1 })).toEqual(batch);
  });

  it.each([
    ['another version', { v: 2 }, 'v'],
    ['an epoch with capital letters', { epoch: 'K3F9A2C1' }, 'epoch'],
    ['an epoch that is too long', { epoch: 'a'.repeat(17) }, 'epoch'],
    ['seq 0', { seq: 0 }, 'seq'],
    ['a seq beyond all that a queue can reach', { seq: 2 ** 53 - 1 }, 'seq'],
    ['such a lowest', { lowest: 2 ** 53 - 1 }, 'lowest'],
    ['half a seq', { seq: 1.5 }, 'seq'],
    ['a negative time', { baseMs: -1 }, 'baseMs'],
    ['backfill as a text', { backfill: 'no' }, 'backfill'],
    ['too many tables', { tables: new Array(65).fill(table) }, 'tables'],
    ['a measurement without a name', { tables: [{ ...table, measurement: '' }] }, 'tables.0.measurement'],
    ['too many tags', { tables: [{ ...table, tags: new Array(17).fill('a') }] }, 'tables.0.tags'],
    ['too many fields', { tables: [{ ...table, fields: new Array(129).fill('a') }] }, 'tables.0.fields'],
    ['a loss up to such a seq', { losses: [{ ...loss, to: 2 ** 53 - 1 }] }, 'losses.0.to'],
    [
      'more lost points than exact sums allow',
      { losses: [{ ...loss, points: 2 ** 53 - 1 }] },
      'losses.0.points',
    ],
    ['a loss for no known reason', { losses: [{ ...loss, reason: 'bad luck' }] }, 'losses.0.reason'],
  ])('refuse a batch with %s by name', (_case, change, path) => {
    expect(faults(batchSchema, { ...batch, ...change })).toEqual([path]);
  });

  it('count the rows of all tables together', () => {
    const rows = (count: number): object => ({ ...table, rows: new Array(count).fill([]) });
    expect(faults(batchSchema, { ...batch, tables: [rows(MAX_BATCH_POINTS - 1), rows(1)] })).toEqual([]);
    expect(faults(batchSchema, { ...batch, tables: [rows(MAX_BATCH_POINTS - 1), rows(2)] })).toEqual([
      'tables',
    ]);
  });

  it.each([
    ['a range that is no pair', { stored: [[1]] }, 'stored.0'],
    ['a window of 0, which would stop the agent for good', { window: 0 }, 'window'],
    ['a window beyond all bounds', { window: 65 }, 'window'],
    ['a negative rate', { backfillPerS: -1 }, 'backfillPerS'],
  ])('refuse an ack with %s', (_case, change, path) => {
    expect(faults(ackSchema, { ...ack, ...change })).toEqual([path]);
  });

  it('refuse an unknown flow mode', () => {
    expect(flowSchema.safeParse({ v: 1, mode: 'stop', backfillPerS: 0 }).success).toBe(false);
  });

  it.each([
    ['a birth counter of 0', { birth: 0 }, 'birth'],
    ['a reason that nobody knows', { reason: 'tired' }, 'reason'],
    ['an interval that would make it silent at once', { intervalMs: 0 }, 'intervalMs'],
  ])('refuse a state with %s', (_case, change, path) => {
    expect(faults(stateSchema, { ...state, ...change })).toEqual([path]);
  });
});
