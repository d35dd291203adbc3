import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { Catalogue } from '../../contract/catalogue.ts';
import { EXIT, messageOf, UserError } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { BatchIdentities, identityOf } from './duckdb-identities.ts';
import { readLatest, readSeries } from './duckdb-query.ts';
import { ensureTable, rowsOf, storedMeasurements, tableName, TIME_COLUMN } from './duckdb-schema.ts';
import { MeasurementWriter } from './duckdb-table.ts';
import { checkBatch, type CheckedBatch } from './row-check.ts';
import {
  StoreUnavailableError,
  type LatestQuery,
  type LatestRow,
  type SampleStore,
  type SeriesQuery,
  type SeriesResult,
  type StoreBatch,
  type StoreRejection,
} from './sample-store.ts';
import { planLatest, planQuery } from './series-query.ts';
import { Slots } from './slots.ts';

export interface DuckDbStoreOptions {
  /** One file, or `:memory:`. */
  readonly file: string;
  readonly catalogue: Catalogue;
  readonly log: Logger;
  /** What DuckDB may take for its own buffers. */
  readonly memoryLimitMiB?: number;
}

const DEFAULT_MEMORY_LIMIT_MIB = 256;
const THREADS = '2';
/** More than can be in flight between a store's commit and the ledger's, by orders of magnitude. */
const KEEP_IDENTITIES = 100_000;

/** The embedded store: one DuckDB file, a batch and its identity in one transaction. */
export function createDuckDbStore(options: DuckDbStoreOptions): SampleStore {
  return new DuckDbStore(options);
}

interface Opened {
  readonly instance: DuckDBInstance;
  readonly writer: DuckDBConnection;
  readonly reader: DuckDBConnection;
  readonly identities: BatchIdentities;
  readonly tables: Map<string, MeasurementWriter>;
}

class DuckDbStore implements SampleStore {
  readonly name: string;
  readonly #options: DuckDbStoreOptions;
  readonly #writing = new Slots(1);
  /** A query's own temporary state belongs to its connection, so one at a time. */
  readonly #reading = new Slots(1);
  #opened: Opened | undefined;

  constructor(options: DuckDbStoreOptions) {
    this.#options = options;
    this.name = `DuckDB ${options.file}`;
  }

  async open(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { file, memoryLimitMiB = DEFAULT_MEMORY_LIMIT_MIB } = this.#options;
    try {
      if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o750 });
      const instance = await DuckDBInstance.create(file, {
        memory_limit: `${memoryLimitMiB}MiB`,
        threads: THREADS,
        // Samples carry their own order; keeping the order of insertion costs memory.
        preserve_insertion_order: 'false',
      });
      const writer = await instance.connect();
      const reader = await instance.connect();
      await storedMeasurements(writer);
      const identities = await BatchIdentities.open(writer, KEEP_IDENTITIES);
      this.#opened = { instance, writer, reader, identities, tables: new Map() };
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError(EXIT.dataDirectory, [`${file}: cannot be opened: ${firstLine(error)}`], error);
    }
  }

  write(batches: readonly StoreBatch[], signal: AbortSignal): Promise<readonly StoreRejection[]> {
    return this.#writing.run(async () => {
      signal.throwIfAborted();
      const opened = this.#require();
      const rejections: StoreRejection[] = [];
      const seen = new Set<string>();
      const fresh = batches.filter((batch) => {
        const identity = identityOf(batch);
        if (seen.has(identity) || opened.identities.has(batch)) return false;
        seen.add(identity);
        return true;
      });
      const checked = fresh.map((batch) => checkBatch(this.#options.catalogue, batch, rejections));
      if (checked.length > 0) await this.#commit(opened, checked);
      return rejections;
    });
  }

  query(query: SeriesQuery, signal: AbortSignal): Promise<SeriesResult> {
    return this.#read(signal, async (connection) => {
      const plan = planQuery(this.#options.catalogue, query);
      return (await hasTable(connection, query.measurement))
        ? readSeries(connection, plan)
        : { series: [], truncated: false };
    });
  }

  latest(query: LatestQuery, signal: AbortSignal): Promise<readonly LatestRow[]> {
    return this.#read(signal, async (connection) => {
      const definition = planLatest(this.#options.catalogue, query);
      return (await hasTable(connection, query.measurement)) ? readLatest(connection, definition, query) : [];
    });
  }

  deleteBefore(beforeMs: number, signal: AbortSignal): Promise<void> {
    return this.#writing.run(async () => {
      const { writer } = this.#require();
      for (const measurement of await storedMeasurements(writer)) {
        signal.throwIfAborted();
        await writer.run(`DELETE FROM ${tableName(measurement)} WHERE ${TIME_COLUMN} < $1`, [
          BigInt(beforeMs),
        ]);
      }
      await writer.run('CHECKPOINT');
    });
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened === undefined) return;
    await this.#writing.run(async () => undefined);
    await this.#reading.run(async () => undefined);
    opened.identities.close();
    for (const table of opened.tables.values()) table.close();
    opened.writer.closeSync();
    opened.reader.closeSync();
    opened.instance.closeSync();
  }

  async #commit(opened: Opened, batches: readonly CheckedBatch[]): Promise<void> {
    const { writer, identities, tables } = opened;
    const identified = batches.map(({ batch }) => batch);
    try {
      const touched = new Set<MeasurementWriter>();
      for (const table of batches.flatMap((batch) => batch.tables)) {
        const measurementWriter = await this.#tableOf(opened, table.measurement);
        measurementWriter.add(table);
        touched.add(measurementWriter);
      }
      await writer.run('BEGIN');
      for (const table of touched) await table.flush();
      await identities.append(identified);
      await writer.run('COMMIT');
    } catch (error) {
      // Nothing of the group is written; rows that were already counted as newest take the careful path next time.
      await writer.run('ROLLBACK').catch(() => undefined);
      for (const table of tables.values()) table.reset();
      identities.reset();
      throw new StoreUnavailableError(`${this.name} did not take the write: ${firstLine(error)}`, {
        cause: error,
      });
    }
    identities.remember(identified);
  }

  async #tableOf(opened: Opened, measurement: string): Promise<MeasurementWriter> {
    const known = opened.tables.get(measurement);
    if (known !== undefined) return known;
    const definition = this.#options.catalogue.get(measurement);
    if (definition === undefined) throw new Error(`unknown measurement "${measurement}"`);
    const layout = await ensureTable(opened.writer, definition);
    const table = await MeasurementWriter.open(opened.writer, layout);
    opened.tables.set(measurement, table);
    return table;
  }

  #read<T>(signal: AbortSignal, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return this.#reading.run(async () => {
      signal.throwIfAborted();
      const { reader } = this.#require();
      const interrupt = (): void => reader.interrupt();
      signal.addEventListener('abort', interrupt, { once: true });
      try {
        return await work(reader);
      } finally {
        signal.removeEventListener('abort', interrupt);
      }
    });
  }

  #require(): Opened {
    if (this.#opened === undefined) throw new StoreUnavailableError(`${this.name} is not open`);
    return this.#opened;
  }
}

async function hasTable(connection: DuckDBConnection, measurement: string): Promise<boolean> {
  const rows = await rowsOf(
    connection,
    `SELECT 1 FROM duckdb_tables() WHERE schema_name = 'samples' AND table_name = $1`,
    [measurement],
  );
  return rows.length > 0;
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0] ?? '';
}
