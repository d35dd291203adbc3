import { describe, expect, it } from 'vitest';
import { tableLines } from './encode-lines.ts';
import type { CheckedTable } from '../row-check.ts';

const TABLE: CheckedTable = {
  measurement: 'ping',
  tags: ['agent', 'label'],
  fields: ['ratio', 'total', 'ok', 'note'],
  types: ['float', 'int', 'bool', 'string'],
  rows: [],
  numbers: [],
};

function lineOf(tags: (string | undefined)[], values: CheckedTable['rows'][number]['values']): string {
  return [...tableLines({ ...TABLE, rows: [{ tags, timeMs: 1_790_000_000_123, values }] })].join('|');
}

describe('line protocol', () => {
  it('writes every type of the catalogue', () => {
    expect(lineOf(['a1', 'x'], [3, 4, true, 'text'])).toBe(
      'ping,agent=a1,label=x ratio=3,total=4i,ok=true,note="text" 1790000000123',
    );
    expect(lineOf(['a1', 'x'], [1e-7, 2n ** 63n - 1n, false, ''])).toBe(
      'ping,agent=a1,label=x ratio=1e-7,total=9223372036854775807i,ok=false,note="" 1790000000123',
    );
  });

  it('leaves out tags and fields that are absent or empty', () => {
    expect(lineOf([undefined, ''], [undefined, 0, undefined, undefined])).toBe('ping total=0i 1790000000123');
  });

  it.each([
    ['a b', 'a\\ b'],
    ['a,b=c', 'a\\,b\\=c'],
    ['a\\b', 'a\\b'],
    ['a\\,b', 'a\\\\,b'],
    ['"x"', '"x"'],
    ['Bến Nghé', 'Bến\\ Nghé'],
  ])('escapes the tag value %s', (value, escaped) => {
    expect(lineOf(['a1', value], [1])).toBe(`ping,agent=a1,label=${escaped} ratio=1 1790000000123`);
  });

  it.each([
    ['say "no"', 'say \\"no\\"'],
    ['a\\b', 'a\\\\b'],
    ['a\\', 'a\\\\'],
    ['two\nlines, a=b', 'two\nlines, a=b'],
  ])('escapes the text %j', (value, escaped) => {
    expect(lineOf(['a1'], [undefined, undefined, undefined, value])).toBe(
      `ping,agent=a1 note="${escaped}" 1790000000123`,
    );
  });

  it('has one line per row, and escapes names too', () => {
    const rows = [1, 2].map((timeMs) => ({ tags: ['a1'], timeMs, values: [timeMs] }));
    const table = { ...TABLE, measurement: 'a b,c=d', tags: ['t,g'], fields: ['f d'], rows };
    expect([...tableLines(table)]).toEqual([
      'a\\ b\\,c=d,t\\,g=a1 f\\ d=1 1',
      'a\\ b\\,c=d,t\\,g=a1 f\\ d=2 2',
    ]);
  });
});
