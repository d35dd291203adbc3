import { BIGINT, BOOLEAN, DOUBLE, DuckDBInstance, VARCHAR, type DuckDBConnection } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHUNK_ROWS, ColumnChunk, ColumnWriter } from './column-chunk.ts';
import { rowsOf } from './schema.ts';

let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeEach(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
  await connection.run('CREATE TABLE t (d DOUBLE, i BIGINT, b BOOLEAN, s VARCHAR)');
});
afterEach(() => {
  connection.closeSync();
  instance.closeSync();
});

type Row = readonly [number | null, number | bigint | null, boolean | null, string | null];

/** Appends groups of rows with one chunk, and reads all of them back. */
async function stored(...groups: readonly (readonly Row[])[]): Promise<unknown[][]> {
  const chunk = new ColumnChunk([DOUBLE, BIGINT, BOOLEAN, VARCHAR], new ColumnWriter());
  const appender = await connection.createAppender('t');
  for (const rows of groups) {
    chunk.start(rows.length);
    chunk.column(0, (writer) =>
      rows.forEach(([value]) => (value === null ? writer.null() : writer.double(value))),
    );
    chunk.column(1, (writer) => {
      for (const [, value] of rows) {
        if (value === null) writer.null();
        else if (typeof value === 'bigint') writer.bigint(value);
        else writer.int(value);
      }
    });
    chunk.column(2, (writer) =>
      rows.forEach(([, , value]) => (value === null ? writer.null() : writer.bool(value))),
    );
    chunk.column(3, (writer) =>
      rows.forEach(([, , , value]) => (value === null ? writer.null() : writer.text(value))),
    );
    chunk.appendTo(appender);
  }
  appender.closeSync();
  return rowsOf(connection, 'SELECT * FROM t');
}

describe('a chunk of columns', () => {
  it.each([
    0,
    -1,
    1,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
    -(2 ** 31) - 1,
    2 ** 32 - 1,
    2 ** 32,
    -(2 ** 32),
    1_790_000_040_123,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ])('keeps the whole number %d', async (value) => {
    expect(await stored([[null, value, null, null]])).toEqual([[null, BigInt(value), null, null]]);
  });

  it.each([2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, -1n, -(2n ** 53n) - 1n])(
    'keeps the whole number %d exact',
    async (value) => {
      expect(await stored([[null, value, null, null]])).toEqual([[null, value, null, null]]);
    },
  );

  // Texts up to 12 bytes are written in place, longer ones by the library.
  it('keeps texts of every length, repeated ones, and NULL between them', async () => {
    const texts = [
      ...Array.from({ length: 40 }, (_, length) =>
        'abcdefghijklmnopqrstuvwxyz0123456789abcd'.slice(0, length),
      ),
      'same',
      'same',
      null,
      'same',
      'a longer text, twice',
      'a longer text, twice',
      'same',
      'Bến Nghé',
      'mười hai chữ',
      '🌧',
      null,
      '',
    ];
    const rows = texts.map((text): Row => [1.5, 7, true, text]);
    expect(await stored(rows)).toEqual(texts.map((text) => [1.5, 7n, true, text]));
  });

  it('has nothing left of what it held before', async () => {
    const full = Array.from({ length: CHUNK_ROWS }, (_, row): Row =>
      row % 3 === 0 ? [null, null, null, null] : [row, row, true, `text number ${row} of the first`],
    );
    const after: Row[] = [
      [0.5, 5, false, 'short'],
      [null, null, null, null],
      [-0.25, -5, true, 'x'.repeat(100)],
    ];
    const expected = [...full, ...after].map(([d, i, ...rest]) => [
      d,
      i === null ? null : BigInt(i),
      ...rest,
    ]);
    expect(await stored(full, after)).toEqual(expected);
  });

  it('can be filtered and grouped by a short text', async () => {
    await stored(['a', 'ab', 'abc', 'a'].map((text): Row => [1, 1, true, text]));
    expect(
      await rowsOf(connection, "SELECT s, count(*) FROM t WHERE s IN ('a', 'abc') GROUP BY s ORDER BY s"),
    ).toEqual([
      ['a', 2n],
      ['abc', 1n],
    ]);
  });

  it('has no column of a type that no field has', () => {
    expect(() => new ColumnChunk([DOUBLE], new ColumnWriter()).column(1, () => undefined)).toThrow(
      RangeError,
    );
  });
});
