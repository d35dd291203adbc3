import { describe, expect, it } from 'vitest';
import type { QuarantineEntry } from './quarantine-entry.ts';
import { replayBatch, rowBodyOf } from './replay-row.ts';

const entry = (raw: unknown, measurement = 'ping'): QuarantineEntry => ({
  ...{ id: 7, atMs: 0, agent: 'gw-1', code: 'out-of-range', reason: 'r', measurement, raw },
});

describe('a row of the quarantine', () => {
  it('is a batch again, with its own time, as history', () => {
    const raw = { baseMs: 1_000, tags: ['device'], fields: ['up'], row: [['n-1'], -700, [1]] };
    const body = rowBodyOf(entry(raw));
    expect(body && replayBatch(body, { epoch: 'r12345678', seq: 3 }, 9_000)).toEqual({
      ...{ v: 1, epoch: 'r12345678', seq: 3, lowest: 1, sentAtMs: 9_000, backfill: true, baseMs: 1_000 },
      tables: [{ measurement: 'ping', tags: ['device'], fields: ['up'], rows: [[['n-1'], -700, [1]]] }],
    });
  });

  it('that the store refused is one, too', () => {
    const raw = {
      tags: { device: 'n-1' },
      timeMs: 5_000,
      fields: { up: true, count: '18446744073709551615' },
    };
    expect(rowBodyOf(entry(raw))).toEqual({
      baseMs: 5_000,
      tables: [
        {
          ...{ measurement: 'ping', tags: ['device'], fields: ['up', 'count'] },
          rows: [[['n-1'], 0, [true, '18446744073709551615']]],
        },
      ],
    });
  });

  it.each([
    ['the begin of a text', '{"baseMs":1000,"tags":["dev'],
    ['names of fields', { fields: ['x'] }],
    ['nothing', undefined],
    ['a line of InfluxDB', 'ping,device=n-1 up=1 1000'],
    ['a row that is too deep', { baseMs: 1, tags: [], fields: [], row: 'nested too deeply' }],
    ['a time that is none', { baseMs: -1, tags: [], fields: [], row: [[], 0, []] }],
    ['a table with too many tags', { baseMs: 1, tags: Array(17).fill('x'), fields: [], row: [[], 0, []] }],
  ])('cannot be taken in again if it is %s', (_, raw) => {
    expect(rowBodyOf(entry(raw))).toBeUndefined();
  });
});
