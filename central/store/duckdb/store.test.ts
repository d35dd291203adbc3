import { Series } from '../../samples/series.ts';
import { writeTo } from '../contract/fixture.ts';
import { setMaxListeners } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { text } from '../../../contract/measurements/define.ts';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { createDuckDbStore } from './store.ts';
import { CONTRACT_CATALOGUE, describeSampleStore } from '../contract/sample-store.contract.ts';
import { StoreUnavailableError, type SampleStore } from '../sample-store.ts';
import type { SampleBatch } from '../../samples/sample-table.ts';

const { signal } = new AbortController();

async function openStore(file: string, catalogue = CATALOGUE): Promise<SampleStore> {
  const store = createDuckDbStore({ file, catalogue, log: silentLogger });
  await store.open(signal);
  return store;
}

describeSampleStore('the embedded store', () => openStore(':memory:', CONTRACT_CATALOGUE));

describe('the embedded store on disk', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'wardwatch-duckdb-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const batch = (seq: number): SampleBatch => ({
    agent: 'gw-1',
    epoch: 'abcdefgh',
    seq,
    tables: [
      {
        measurement: 'ping',
        tags: ['agent', 'device'],
        fields: ['average_response_ms'],
        rows: [{ series: new Series('ping', ['gw-1', 'n-1']), timeMs: 1_000 * seq, values: [seq] }],
      },
    ],
  });
  const countOf = async (store: SampleStore): Promise<number> => {
    const { series } = await store.query(
      {
        measurement: 'ping',
        field: 'average_response_ms',
        fromMs: 0,
        toMs: 1e12,
        aggregate: 'last',
        groupBy: [],
        tags: {},
        maxPoints: 1_000,
      },
      signal,
    );
    return series.reduce((sum, { points }) => sum + points.length, 0);
  };

  it('keeps its data when it is opened again, and still recognises a resend', async () => {
    const file = join(directory, 'wardwatch.duckdb');
    const first = await openStore(file);
    await writeTo(first, [batch(1), batch(2)]);
    await first.close();
    const second = await openStore(file);
    await writeTo(second, [batch(2), batch(3)]);
    expect(await countOf(second)).toBe(3);
    await second.close();
  });

  it('names at opening the field that has another type in the file', async () => {
    const file = join(directory, 'wardwatch.duckdb');
    const first = await openStore(file);
    await writeTo(first, [batch(1)]);
    await first.close();
    const ping = CATALOGUE.get('ping')!;
    const fields = { ...ping.fields, average_response_ms: text('another type', 'kiểu khác') };
    const changed = new Map(CATALOGUE).set('ping', { ...ping, fields });
    await expect(openStore(file, changed)).rejects.toMatchObject({
      name: 'UserError',
      exitCode: 4,
      message: expect.stringMatching(/"ping".*"average_response_ms".*DOUBLE.*VARCHAR/) as string,
    });
    const again = await openStore(file);
    expect(await countOf(again)).toBe(1);
    await again.close();
  });

  it('is given more memory where its log does not fit, and takes no log for damaged', async () => {
    const file = join(directory, 'wardwatch.duckdb');
    const written = createDuckDbStore({ file, catalogue: CATALOGUE, log: silentLogger });
    await written.open(signal);
    const measurements = [...CATALOGUE.values()].filter(({ name }) => name !== 'ping').slice(0, 12);
    const wide = (seq: number): SampleBatch => ({
      ...{ agent: 'gw-1', epoch: 'abcdefgh', seq },
      tables: measurements.map(({ name, tags, fields }) => {
        const names = Object.keys(tags).filter((tag) => tag !== 'agent');
        const floats = Object.keys(fields).filter((field) => fields[field]?.type === 'float');
        return {
          measurement: name,
          tags: ['agent', ...names],
          fields: floats,
          rows: Array.from({ length: 20 }, (_, row) => ({
            series: new Series(name, ['gw-1', ...names.map(() => `value-${row}`)]),
            timeMs: 1_000 * seq + row,
            values: floats.map((_field, at) => seq * 1_000 + row + at / 7),
          })),
        };
      }),
    });
    for (let seq = 1; seq <= 10; seq++)
      await writeTo(written, [wide(seq), { ...batch(seq), epoch: 'zzzzzzzz' }]);
    // As after kill -9: most is in the log.
    const killed = join(directory, 'killed.duckdb');
    for (const suffix of ['', '.wal']) copyFileSync(`${file}${suffix}`, `${killed}${suffix}`);
    await written.close();

    const repair = { now: () => 1_800_000_000_000 };
    const options = { file: killed, catalogue: CATALOGUE, log: silentLogger, repair, memoryLimitMiB: 2 };
    const small = createDuckDbStore(options);
    await small.open(signal);
    const damage: unknown[] = [];
    await small.onOpened?.(({ damage: found }) => {
      damage.push(...found);
      return Promise.resolve(0);
    });
    expect(small.fault).toBe('memory');
    expect(damage).toEqual([]);
    await small.close();
    const again = await openStore(killed);
    expect(await countOf(again)).toBe(10);
    await again.close();
  });

  it("rejects an aborted query with the signal's reason, and answers others meanwhile", async () => {
    const store = await openStore(join(directory, 'wardwatch.duckdb'));
    await writeTo(store, [batch(1)]);
    const aborted = new AbortController();
    setMaxListeners(0, aborted.signal);
    const waiting = Array.from({ length: 20 }, () =>
      store.latest({ measurement: 'ping', tags: {}, sinceMs: 0, maxRows: 10 }, aborted.signal),
    );
    aborted.abort(new Error('the caller has gone'));
    const outcomes = await Promise.allSettled(waiting);
    for (const outcome of outcomes.filter(({ status }) => status === 'rejected')) {
      expect(outcome).toMatchObject({ reason: { message: 'the caller has gone' } });
    }
    expect(outcomes.at(-1)).toMatchObject({ status: 'rejected' });
    expect(await countOf(store)).toBe(1);
    await store.close();
    await expect(countOf(store)).rejects.toThrow(StoreUnavailableError);
  });

  it('throws a UserError for a file that is no database', async () => {
    const file = join(directory, 'wardwatch.duckdb');
    writeFileSync(file, 'this is not a database, however long one looks at it'.repeat(100));
    await expect(openStore(file)).rejects.toMatchObject({ name: 'UserError', exitCode: 4 });
  });
});
