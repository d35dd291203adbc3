import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLogger } from '../../../runtime/logger.ts';
import {
  CONTRACT_CATALOGUE,
  contractBatch,
  contractQuery,
  MINUTE,
  rollUpAll,
  START,
  writeTo,
} from '../contract/fixture.ts';
import type { SampleStore } from '../sample-store.ts';
import { createDuckDbStore } from './store.ts';

const HOUR = 60 * MINUTE;
const DAWN = Math.floor(START / HOUR) * HOUR;
const { signal } = new AbortController();
const opened: SampleStore[] = [];
let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'history-'));
  file = join(directory, 'store.duckdb');
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  rmSync(directory, { recursive: true });
});

async function open(path = file): Promise<SampleStore> {
  const store = createDuckDbStore({ file: path, catalogue: CONTRACT_CATALOGUE, log: silentLogger });
  opened.push(store);
  await store.open(signal);
  return store;
}

const minutes = Array.from({ length: 180 }, (_, minute) => ({
  timeMs: DAWN + minute * MINUTE,
  ratio: minute,
  ok: minute > 9,
}));
const counts = contractQuery({ fromMs: 0, toMs: DAWN + 3 * HOUR, everyMs: HOUR, aggregate: 'count' });
const countsOf = async (store: SampleStore): Promise<unknown> =>
  (await store.query(counts, signal)).series.flatMap(({ points }) => points.map(([, count]) => count));
const deleteSamples = (store: SampleStore): Promise<void> =>
  store.deleteBefore({ rawMs: DAWN + 3 * HOUR, minuteMs: 0, hourMs: 0 }, signal);

/** The files as they are at this moment: what a kill would leave. */
function killed(): string {
  const copy = join(directory, 'killed.duckdb');
  copyFileSync(file, copy);
  copyFileSync(`${file}.wal`, `${copy}.wal`);
  return copy;
}

it('killed before rows that came late were rolled up again, has them after the start', async () => {
  const store = await open();
  await writeTo(store, [contractBatch(1, minutes)]);
  await rollUpAll(store, DAWN + 3 * HOUR);
  await writeTo(store, [contractBatch(2, [{ timeMs: DAWN + 30, ratio: 7 }])]);

  const restarted = await open(killed());
  await rollUpAll(restarted, DAWN + 3 * HOUR);
  await deleteSamples(restarted);

  expect(await countsOf(restarted)).toEqual([61, 60, 60]);
});

it('killed between two pieces, goes on where it was', async () => {
  const store = await open();
  await writeTo(store, [contractBatch(1, minutes)]);
  for (let pieces = 0; pieces < 2; pieces++) await store.rollUp(DAWN + 3 * HOUR, signal);

  const restarted = await open(killed());
  await rollUpAll(restarted, DAWN + 3 * HOUR);
  await deleteSamples(restarted);

  expect(await countsOf(restarted)).toEqual([60, 60, 60]);
});

it('goes on writing while it rolls up', async () => {
  const store = await open();
  await writeTo(store, [contractBatch(1, minutes)]);
  const writing = Array.from({ length: 20 }, (_, at) =>
    writeTo(store, [contractBatch(2 + at, [{ timeMs: DAWN + at * 7 * MINUTE + 1, ratio: at }])]),
  );
  await Promise.all([...writing, rollUpAll(store, DAWN + 3 * HOUR)]);
  const samples = await countsOf(store);
  await rollUpAll(store, DAWN + 3 * HOUR);
  await deleteSamples(store);

  expect(samples).toEqual(await countsOf(store));
  expect(await countsOf(store)).toEqual([69, 69, 62]);
});

it('a file of an earlier version gets its history from the samples that it has', async () => {
  const store = await open();
  await writeTo(store, [contractBatch(1, minutes)]);
  await rollUpAll(store, DAWN + 3 * HOUR);
  await store.close();
  await forgetHistory();

  const upgraded = await open();
  await rollUpAll(upgraded, DAWN + 3 * HOUR);
  await deleteSamples(upgraded);

  expect(await countsOf(upgraded)).toEqual([60, 60, 60]);
});

/** What a version before the history left. */
async function forgetHistory(): Promise<void> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  for (const schema of ['minute', 'hour', 'minute_states', 'hour_states'])
    await connection.run(`DROP SCHEMA ${schema} CASCADE`);
  for (const table of ['history_standing', 'late_hour']) await connection.run(`DROP TABLE main.${table}`);
  connection.closeSync();
  instance.closeSync();
}

it('is in a copy', async () => {
  const store = await open();
  await writeTo(store, [contractBatch(1, minutes)]);
  await rollUpAll(store, DAWN + 3 * HOUR);
  await deleteSamples(store);

  const copy = await open(await store.copy?.(signal));

  expect(await countsOf(copy)).toEqual([60, 60, 60]);
});

it('is made once where a copy is made at the same time', async () => {
  const store = await open();
  await writeTo(store, [contractBatch(1, minutes)]);
  await Promise.all([store.copy?.(signal), rollUpAll(store, DAWN + 3 * HOUR)]);
  await rollUpAll(store, DAWN + 3 * HOUR);
  await deleteSamples(store);

  expect(await countsOf(store)).toEqual([60, 60, 60]);
});

it('keeps numbers that are no whole thousandths as exactly as those that are', async () => {
  const store = await open();
  const values = [0.1, 1 / 3, -0.0004, 12_345.678, 1e-300, 9.1e12 + 0.25, 1.7e308, 2 ** 53 + 2];
  await writeTo(store, [
    contractBatch(
      1,
      values.map((ratio, at) => ({ timeMs: DAWN, label: `${at}`, ratio })),
    ),
  ]);
  await rollUpAll(store, DAWN + HOUR);
  await deleteSamples(store);
  for (const aggregate of ['min', 'max'] as const) {
    const { series } = await store.query({ ...counts, aggregate }, signal);
    expect(series.map(({ points }) => points[0]?.[1])).toEqual(values);
  }
});

it('a measurement that cannot be rolled up, after a restart too, is answered from its samples and catches up', async () => {
  const store = await open();
  await writeTo(store, [contractBatch(1, minutes)]);
  await store.close();
  await changeFile('CREATE SCHEMA IF NOT EXISTS minute', 'CREATE TABLE minute.probe (broken BIGINT)');

  const failing = await open();
  await rollUpAll(failing, DAWN + 3 * HOUR);
  await deleteSamples(failing);
  expect(await countsOf(failing)).toEqual([60, 60, 60]);
  expect((await failing.query({ ...counts, aggregate: 'p95' }, signal)).series).toHaveLength(1);
  await failing.close();
  await changeFile('DROP TABLE minute.probe');

  const mended = await open();
  await rollUpAll(mended, DAWN + 3 * HOUR);
  await deleteSamples(mended);
  expect(await countsOf(mended)).toEqual([60, 60, 60]);
  await expect(mended.query({ ...counts, aggregate: 'p95' }, signal)).rejects.toThrow(
    /samples are kept from/,
  );
});

async function changeFile(...statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}
