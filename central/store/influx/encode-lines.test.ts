import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../../contract/catalogue.ts';
import { ANY, bool, float, fromAgent, int, tag, text } from '../../../contract/measurements/define.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import { Series } from '../../samples/series.ts';
import { LineEncoder } from './encode-lines.ts';
import type { PreparedLines } from './prepared-lines.ts';

const CATALOGUE: Catalogue = new Map(
  ['ping', 'a b,c=d'].map((name) => [
    name,
    fromAgent({
      name,
      en: name,
      vi: name,
      tags: { label: tag('label', 'nhãn'), 't,g': tag('tag', 'nhãn') },
      fields: {
        ratio: float('', ANY, 'ratio', 'tỷ lệ'),
        total: int('', ANY, 'total', 'tổng'),
        ok: bool('ok', 'tốt'),
        note: text('note', 'ghi chú'),
        'f d': float('', ANY, 'field', 'trường'),
      },
    }),
  ]),
);
const FIELDS = ['ratio', 'total', 'ok', 'note'];
const TAGS = ['agent', 'label'];
const TIME_MS = 1_790_000_000_123;

type Values = readonly (FieldValue | undefined)[];
interface Rows {
  readonly measurement?: string;
  readonly tags?: readonly string[];
  readonly fields?: readonly string[];
  readonly rows: readonly (readonly [
    tags: readonly (string | undefined)[],
    values: Values,
    timeMs?: number,
  ])[];
}

function encode(...tables: Rows[]): PreparedLines {
  return new LineEncoder(CATALOGUE).encode({
    agent: 'a1',
    epoch: 'e1',
    seq: 7,
    tables: tables.map(({ measurement = 'ping', tags = TAGS, fields = FIELDS, rows }) => ({
      measurement,
      tags,
      fields,
      rows: rows.map(([tagValues, values, timeMs = TIME_MS]) => ({
        series: new Series(measurement, tagValues),
        timeMs,
        values,
      })),
    })),
  });
}

function linesOf(prepared: PreparedLines): string[] {
  return prepared.text.toString().split('\n').slice(0, -1);
}

function lineOf(tags: readonly (string | undefined)[], values: Values): string {
  return encode({ rows: [[tags, values]] })
    .text.toString()
    .trimEnd();
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
    const rows = [1, 2].map((timeMs) => [['a1'], [timeMs], timeMs] as const);
    const prepared = encode({ measurement: 'a b,c=d', tags: ['t,g'], fields: ['f d'], rows });
    expect(linesOf(prepared)).toEqual(['a\\ b\\,c=d,t\\,g=a1 f\\ d=1 1', 'a\\ b\\,c=d,t\\,g=a1 f\\ d=2 2']);
  });
});

describe('a prepared batch', () => {
  const prepared = encode(
    {
      rows: [
        [
          ['a1', 'ế'],
          [1, 2, true, 'two\nlines'],
        ],
        [['a1', 'x'], [Number.NaN]],
      ],
    },
    {
      measurement: 'a b,c=d',
      fields: ['ratio'],
      rows: [
        [['a1', 'y\\'], [3]],
        [['a1', 'z'], [4]],
      ],
    },
  );

  it('names the rows that cannot be stored, and has the others', () => {
    expect(prepared.rejections).toEqual([
      {
        agent: 'a1',
        epoch: 'e1',
        seq: 7,
        row: 1,
        reason: 'field ratio: expected a finite number, got number NaN',
      },
      { agent: 'a1', epoch: 'e1', seq: 7, row: 2, reason: expect.stringContaining('tag label: ') as string },
    ]);
    expect(prepared.lineCount).toBe(2);
  });

  it('gives its lines back one by one, also over line breaks in texts', () => {
    expect(prepared.lines().map(({ text, measurement, row }) => [measurement, row, text.toString()])).toEqual(
      [
        ['ping', 0, 'ping,agent=a1,label=ế ratio=1,total=2i,ok=true,note="two\nlines" 1790000000123\n'],
        ['a b,c=d', 3, 'a\\ b\\,c=d,agent=a1,label=z ratio=4 1790000000123\n'],
      ],
    );
  });

  it('counts what its refused rows keep in memory', () => {
    const rows = Array.from({ length: 1_000 }, (_, at) => [['a1', `h${at}\\`], [1]] as const);
    expect(encode({ rows }).bytes).toBeGreaterThan(500_000);
  });

  it('describes every row, stored or not', () => {
    expect(prepared.describe(0)).toEqual({
      measurement: 'ping',
      raw: { line: 'ping,agent=a1,label=ế ratio=1,total=2i,ok=true,note="two\nlines" 1790000000123' },
      values: 4,
    });
    expect(prepared.describe(2)).toEqual({
      measurement: 'a b,c=d',
      raw: { tags: { agent: 'a1', label: 'y\\' }, timeMs: TIME_MS, fields: { ratio: 3 } },
      values: 1,
    });
    expect(prepared.describe(3)).toMatchObject({ measurement: 'a b,c=d', values: 1 });
    expect(prepared.describe(4)).toEqual({ measurement: '', raw: undefined, values: 0 });
  });

  it('keeps what it found out about a series and a shape apart from those of others', () => {
    const encoder = new LineEncoder(CATALOGUE);
    const series = new Series('ping', ['a1', 'x']);
    const batchOf = (measurement: string, of: Series) => ({
      agent: 'a1',
      epoch: 'e1',
      seq: 1,
      tables: [{ measurement, tags: TAGS, fields: FIELDS, rows: [{ series: of, timeMs: 1, values: [1] }] }],
    });
    const textOf = (measurement: string, of: Series): string =>
      encoder.encode(batchOf(measurement, of)).text.toString();
    expect(textOf('ping', series)).toBe('ping,agent=a1,label=x ratio=1 1\n');
    expect(textOf('a b,c=d', new Series('a b,c=d', ['a1', 'x']))).toBe(
      'a\\ b\\,c=d,agent=a1,label=x ratio=1 1\n',
    );
    expect(textOf('ping', series)).toBe('ping,agent=a1,label=x ratio=1 1\n');
  });
});
