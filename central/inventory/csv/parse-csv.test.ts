import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_CSV_ROWS, parseCsv } from './parse-csv.ts';
import { writeCsvRow } from './write-csv-row.ts';

function cellsOf(text: string): readonly (readonly string[])[] {
  const { rows, faults } = parseCsv(text);
  expect(faults).toEqual([]);
  return rows.map(({ cells }) => cells);
}

describe('a CSV file', () => {
  it.each([
    ['commas', 'a,b\n1,2\n'],
    ['semicolons', 'a;b\n1;2\n'],
    ['tabs', 'a\tb\n1\t2\n'],
    ['CRLF', 'a,b\r\n1,2\r\n'],
    ['no line break at the end', 'a,b\n1,2'],
    ['old line ends', 'a,b\r1,2\r'],
    ['empty lines', '\n\na,b\n,\n1,2\n\n'],
    ['the separator named', 'sep=;\na;b\n1;2'],
    ['quotes', '"a","b"\n"1","2"\n'],
  ])('with %s', (_, text) => {
    expect(cellsOf(text)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it('has separators, quotes and line breaks within quotes, and lines are counted on', () => {
    const { rows } = parseCsv('id,notes\r\n1,"a, ""b""\r\nc"\r\n2,5" pipe\r\n');
    expect(rows).toEqual([
      { line: 1, cells: ['id', 'notes'] },
      { line: 2, cells: ['1', 'a, "b"\r\nc'] },
      { line: 4, cells: ['2', '5" pipe'] },
    ]);
  });

  it('takes a separator within the quotes of the first line for text', () => {
    expect(cellsOf('"a,b,c";d\n1;2')).toEqual([
      ['a,b,c', 'd'],
      ['1', '2'],
    ]);
  });

  it('names every row that is not CSV, and goes on', () => {
    const { rows, faults } = parseCsv(`a,b\n"1"x,2\n3,4\n${','.repeat(70)}y\n5,"6`);
    expect(faults).toEqual([
      {
        line: 2,
        message:
          'expected the separator after a closing quote, got "x" (a quote within a quoted cell is written twice)',
      },
      { line: 4, message: 'expected at most 64 cells in a row' },
      { line: 5, message: 'a quote is opened here and never closed; the rest is not read' },
    ]);
    expect(rows.map(({ line }) => line)).toEqual([1, 2, 3, 5]);
  });

  it('ends at the limit of rows', () => {
    const { rows, faults } = parseCsv('a\n'.repeat(MAX_CSV_ROWS + 3));
    expect(rows).toHaveLength(MAX_CSV_ROWS + 1);
    expect(faults).toEqual([
      { line: MAX_CSV_ROWS + 2, message: `expected at most ${MAX_CSV_ROWS} rows; the rest is not read` },
    ]);
  });

  it('of a thousand faults is not read further', () => {
    expect(parseCsv('"a"b\n'.repeat(5_000)).faults).toHaveLength(1_001);
  });

  it('survives rubbish', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', ',', ';', '\n', '\r', 'a', '\0', 'ề') }), (text) => {
        const { rows } = parseCsv(text);
        expect(rows.every(({ line }) => line >= 1)).toBe(true);
      }),
    );
  });

  it('is read as it was written', () => {
    const row = fc.array(fc.string({ unit: fc.constantFrom('"', ',', ';', '\n', '\r', 'a', ' ', 'ề') }), {
      minLength: 2,
      maxLength: 5,
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), (rows) => {
        const header = ['a', 'b', 'c', 'd', 'e'];
        const shown = rows.filter((cells) => cells.some((cell) => cell.trim() !== ''));
        expect(cellsOf([header, ...rows].map((cells) => writeCsvRow(cells)).join(''))).toEqual([
          header,
          ...shown,
        ]);
      }),
    );
  });
});
