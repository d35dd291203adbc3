import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BatchIdentities } from './identities.ts';
import { PackedRows } from './packed-rows.ts';
import { rowsOf } from './schema.ts';

const KEEP = 10;
let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeEach(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
});
afterEach(() => {
  connection.closeSync();
  instance.closeSync();
});

/** Of an agent; each has two points, the newest at its seq in seconds. */
function batch(seq: number, agent = 'gw-1'): PackedRows {
  const shape = { measurement: 'ping', tags: [], fields: [], types: [] };
  const table = { shape, series: [{}, {}] as never, start: 0, others: new Map() };
  const cells = Float64Array.of(1_000 * seq - 1, 1_000 * seq);
  const rest = { rejections: [], refused: new Map(), bytes: 0 };
  return new PackedRows({ agent, epoch: 'abcdefgh', seq, tables: [{ ...table, cells }], ...rest });
}

async function append(identities: BatchIdentities, batches: readonly PackedRows[]): Promise<void> {
  await connection.run('BEGIN');
  await identities.append(batches);
  await connection.run('COMMIT');
  identities.remember(batches);
}

async function countOf(table: string): Promise<number> {
  const [[count] = []] = await rowsOf(connection, `SELECT count(*) FROM main.${table}`);
  return Number(count);
}

const seqs = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

describe('the list of written batches', () => {
  it('is whole, however old they are, and keeps the newest one by one', async () => {
    const identities = await BatchIdentities.open(connection, KEEP);
    for (const seq of seqs(1, 100)) await append(identities, [batch(seq), batch(seq, 'gw-2')]);
    const expected = ['gw-1', 'gw-2'].map((agent) => ({
      agent,
      epoch: 'abcdefgh',
      ranges: [[1, 100]],
      points: 200,
      newestMs: 100_000,
    }));
    expect(await identities.held()).toEqual(expected);
    expect(await countOf('written_batch')).toBeLessThanOrEqual(KEEP + 2);
    expect(await countOf('written_range')).toBe(2);
    expect(identities.has(batch(100))).toBe(true);
    identities.close();
    const again = await BatchIdentities.open(connection, KEEP);
    expect(await again.held()).toEqual(expected);
    expect(again.has(batch(100, 'gw-2'))).toBe(true);
    await append(again, [batch(101)]);
    expect(await again.held()).toMatchObject([{ ranges: [[1, 101]], points: 202 }, { ranges: [[1, 100]] }]);
    again.close();
  });

  it('knows gaps, and closes them by what comes later', async () => {
    const identities = await BatchIdentities.open(connection, KEEP);
    for (const seq of [1, 2, 5, 6, 9, ...seqs(20, 60)]) await append(identities, [batch(seq)]);
    const ranges = [
      [1, 2],
      [5, 6],
      [9, 9],
      [20, 60],
    ];
    expect(await identities.held()).toMatchObject([{ ranges, points: 2 * 46 }]);
    for (const seq of [4, 3, 8, 7, ...seqs(10, 19)]) await append(identities, [batch(seq)]);
    expect(await identities.held()).toMatchObject([{ ranges: [[1, 60]], points: 120 }]);
    identities.close();
  });

  it('stays small for an agent that leaves out every other number', async () => {
    const identities = await BatchIdentities.open(connection, KEEP);
    const odd = seqs(1, 1_500).map((at) => batch(2 * at - 1));
    for (let start = 0; start < odd.length; start += 50)
      await append(identities, odd.slice(start, start + 50));
    const [held] = (await identities.held()) ?? [];
    expect(held?.ranges.length).toBeLessThan(1_001);
    expect(held?.points).toBe(3_000);
    expect(held?.ranges.at(-1)).toEqual([2_999, 2_999]);
    identities.close();
  });

  it('of an earlier version is not whole, until it is told what to take for written', async () => {
    await connection.run(
      'CREATE TABLE main.written_batch (number BIGINT, agent VARCHAR, epoch VARCHAR, seq BIGINT)',
    );
    await connection.run(`INSERT INTO main.written_batch VALUES (7, 'gw-1', 'abcdefgh', 50)`);
    const identities = await BatchIdentities.open(connection, KEEP);
    expect(identities.has(batch(50))).toBe(true);
    expect(await identities.held()).toBeUndefined();
    const known = { agent: 'gw-1', epoch: 'abcdefgh', ranges: [[1, 50]], points: 99, newestMs: 5 } as const;
    await identities.adopt([known]);
    expect(await identities.held()).toEqual([known]);
    for (const seq of seqs(51, 90)) await append(identities, [batch(seq)]);
    expect(await identities.held()).toMatchObject([{ ranges: [[1, 90]], points: 99 + 80 }]);
    identities.close();
  });

  it('keeps what only the store has when it is told what to take for written', async () => {
    const identities = await BatchIdentities.open(connection, KEEP);
    // Central was killed after the store's commit of 4, before the ledger's; of gw-2 the ledger has nothing yet.
    for (const seq of seqs(1, 4)) await append(identities, [batch(seq)]);
    await append(identities, [batch(1, 'gw-2')]);
    const known = { agent: 'gw-1', epoch: 'abcdefgh', ranges: [[1, 3]], points: 6, newestMs: 3_000 } as const;
    await identities.adopt([known]);
    const all = [
      { agent: 'gw-1', ranges: [[1, 4]], points: 8 },
      { agent: 'gw-2', ranges: [[1, 1]], points: 2 },
    ];
    expect(await identities.held()).toMatchObject(all);
    // Sent again they are not written: a restart must find them.
    expect([batch(4), batch(1, 'gw-2')].map((each) => identities.has(each))).toEqual([true, true]);
    identities.close();
    const again = await BatchIdentities.open(connection, KEEP);
    expect(await again.held()).toMatchObject(all);
    expect(again.has(batch(4))).toBe(true);
    for (const seq of seqs(5, 60)) await append(again, [batch(seq)]);
    expect(await again.held()).toMatchObject([{ ranges: [[1, 60]], points: 120 }, { points: 2 }]);
    expect(await countOf('written_batch')).toBeLessThanOrEqual(KEEP + 1);
    again.close();
  });
});
