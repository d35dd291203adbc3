import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAboutData } from './session.ts';

let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
  await connection.run('CREATE TABLE t (id BIGINT UNIQUE, small TINYINT CHECK (small < 100))');
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

async function errorOf(sql: string): Promise<unknown> {
  return connection.run(sql).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("DuckDB's errors", () => {
  it.each([
    ["INSERT INTO t VALUES ('no number', 1)"],
    ['INSERT INTO t VALUES (1, 1000)'],
    ['INSERT INTO t VALUES (1, 101)'],
    ['INSERT INTO t SELECT 7, 1 FROM range(2)'],
  ])('are about the data: %s', async (sql) => {
    const error = await errorOf(sql);
    expect(error).toBeDefined();
    expect(isAboutData(error), String(error)).toBe(true);
  });

  it.each([['SELECT * FROM nowhere'], ['COMMIT']])('are about the database: %s', async (sql) => {
    const error = await errorOf(sql);
    expect(error).toBeDefined();
    expect(isAboutData(error), String(error)).toBe(false);
  });
});
