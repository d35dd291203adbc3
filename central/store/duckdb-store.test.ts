import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { createDuckDbStore } from './duckdb-store.ts';
import { CONTRACT_CATALOGUE, describeSampleStore } from './sample-store.contract.ts';
import type { SampleStore, StoreBatch } from './sample-store.ts';

const signal = AbortSignal.timeout(60_000);

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

  const batch = (seq: number): StoreBatch => ({
    agent: 'gw-1',
    epoch: 'abcdefgh',
    seq,
    tables: [
      {
        measurement: 'ping',
        tags: ['agent', 'device'],
        fields: ['average_response_ms'],
        rows: [{ tags: ['gw-1', 'n-1'], timeMs: 1_000 * seq, values: [seq] }],
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

  it('keeps its data when it is opened again, and still knows a resend', async () => {
    const file = join(directory, 'wardwatch.duckdb');
    const first = await openStore(file);
    await first.write([batch(1), batch(2)], signal);
    await first.close();
    const second = await openStore(file);
    await second.write([batch(2), batch(3)], signal);
    expect(await countOf(second)).toBe(3);
    await second.close();
  });

  it('says in one line that a file is no database', async () => {
    const file = join(directory, 'wardwatch.duckdb');
    writeFileSync(file, 'this is not a database, however long one looks at it'.repeat(100));
    await expect(openStore(file)).rejects.toMatchObject({ name: 'UserError', exitCode: 4 });
  });
});
