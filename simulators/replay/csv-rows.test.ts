import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { CsvError, csvRows, type CsvRow } from './csv-rows.ts';

async function read(chunks: readonly string[], separator = ','): Promise<CsvRow[]> {
  const rows: CsvRow[] = [];
  for await (const row of csvRows(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), separator))
    rows.push(row);
  return rows;
}

describe('rows of a CSV text', () => {
  const TEXT = 'time,name\r\n1,"a ""b"", c"\r\n\r\n2,"two\nlines"\n3,ü';

  it('have their lines, whatever the ends of lines, quotes and empty lines', async () => {
    expect(await read([TEXT])).toEqual([
      { line: 1, cells: ['time', 'name'] },
      { line: 2, cells: ['1', 'a "b", c'] },
      { line: 4, cells: ['2', 'two\nlines'] },
      { line: 6, cells: ['3', 'ü'] },
    ]);
  });

  it('are the same wherever the chunks of the file end', async () => {
    const whole = await read([TEXT]);
    for (let at = 1; at < TEXT.length; at++)
      expect(await read([TEXT.slice(0, at), TEXT.slice(at)])).toEqual(whole);
  });

  it('may have another separator', async () => {
    expect(await read(['a;b\n1,5;2\n'], ';')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1,5', '2'] },
    ]);
  });

  it.each([
    ['a quote without an end', ['a\n"b'], 2, 'a quote is opened here and never closed'],
    ['a row without an end', ['a\n', 'x'.repeat(1_100_000)], 2, 'expected rows of at most 1048576 letters'],
    [
      'too many cells',
      ['a\n', `${','.repeat(5_000)}\n`],
      2,
      'expected at most 4096 cells in a row, got 5001',
    ],
  ])('end with %s', async (_, chunks, line, message) => {
    const error: unknown = await read(chunks).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CsvError);
    expect(error).toMatchObject({ line, message });
  });
});
