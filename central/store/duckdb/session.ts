import { chmodSync, existsSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { Catalogue, MeasurementDefinition } from '../../../contract/catalogue.ts';
import { messageOf } from '../../../runtime/errors.ts';
import { makeDirectory } from '../../../runtime/make-directory.ts';
import { BatchIdentities } from './identities.ts';
import { ReaderPool } from './readers.ts';
import { standingOf } from '../history/behind.ts';
import { HistoryKeeper, type OnBehind } from '../history/history-keeper.ts';
import { LEVELS, type HistoryStanding, type LevelName } from '../history/levels.ts';
import type { LateHour } from '../history/late-hours.ts';
import {
  DuckDbHistoryTables,
  prepareHistory,
  saveStanding,
  storeLate,
  type StoredHistory,
} from './history-tables.ts';
import { KnownColumns } from './known-columns.ts';
import { latePoints } from './late-points.ts';
import { ensureLevelTable } from './level-tables.ts';
import { deleteBefore, ensureTable, rowsOf, SAMPLES, sqlName, storedMeasurements } from './schema.ts';
import { ensureStatesTable, statesSchema } from './state-tables.ts';
import { MeasurementWriter } from './table.ts';
import { ColumnWriter } from './column-chunk.ts';
import type { PackedRows } from './packed-rows.ts';
import type { HeldBatches } from '../sample-store.ts';

export interface DuckDbSessionOptions {
  /** One file, or `:memory:`. */
  readonly file: string;
  readonly catalogue: Catalogue;
  /** What DuckDB may take for its own buffers. */
  readonly memoryLimitMiB: number;
  /** False: something in the file could not be read, so nothing is written that depends on what is there. */
  readonly isReadable?: boolean;
  /** Runs work when nothing else writes. */
  readonly alone?: <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;
  /** Something could not be read while central went on without it. */
  readonly onDamage?: (error: unknown) => void;
  readonly onBehind?: OnBehind;
}

/** A query runs in the caller's thread; more threads cost as much as they save at this size. */
const THREADS = '1';
/** Checkpoints are rarer than with DuckDB's default of 16 MB: a fifth less work. */
const CHECKPOINT_AT = '64MB';
/**
 * Of new files; a file keeps what it was made with. Each column of each table holds some blocks in memory until a checkpoint: with
 * DuckDB's default of 256 KiB, 200 MiB at the load of a city; with these, 60 to 90. The price is a file a third to a half larger:
 * each block of texts has its own dictionary.
 */
const BLOCK_BYTES = '65536';
/** DuckDB's default is nine tenths of the free space at opening: too little for ever after an opening on a full disk. */
const MAX_SPILL = '16GB';
const READERS = 2;
/** Far more batches than can be between the store's commit and the ledger's. */
const KEEP_IDENTITIES = 100_000;
const COPY = 'store_copy';

/** An open database file: one connection that writes, a few that read. */
export class DuckDbSession {
  readonly readers: ReaderPool;
  readonly writer: DuckDBConnection;
  readonly history: HistoryKeeper;
  /** That readers have found. */
  readonly columns = new KnownColumns();
  readonly #roller: ReaderPool;
  readonly #file: string;
  readonly #catalogue: Catalogue;
  readonly #isReadable: boolean;
  readonly #instance: DuckDBInstance;
  readonly #identities: BatchIdentities;
  readonly #columnWriter = new ColumnWriter();
  readonly #tables = new Map<string, OpenTable>();
  #committing: Promise<void> = Promise.resolve();

  private constructor(parts: {
    readonly file: string;
    readonly catalogue: Catalogue;
    readonly isReadable: boolean;
    readonly instance: DuckDBInstance;
    readonly writer: DuckDBConnection;
    readonly readers: ReaderPool;
    readonly identities: BatchIdentities;
    readonly roller: ReaderPool;
    readonly stored: StoredHistory;
    readonly alone: NonNullable<DuckDbSessionOptions['alone']>;
    readonly onDamage: (error: unknown) => void;
    readonly onBehind: OnBehind;
  }) {
    const { catalogue, roller, stored, alone, onDamage, onBehind } = parts;
    this.#roller = roller;
    const tables = new DuckDbHistoryTables({
      catalogue,
      roller,
      onDamage,
      settleWrites: () => this.#committing,
      deleteRows: (standing, signal) => alone(() => this.#deleteRows(standing, signal), signal),
    });
    this.history = new HistoryKeeper(tables, stored.standing, stored.late, onBehind);
    this.#file = parts.file;
    this.#catalogue = catalogue;
    this.#isReadable = parts.isReadable;
    this.#instance = parts.instance;
    this.writer = parts.writer;
    this.readers = parts.readers;
    this.#identities = parts.identities;
  }

  /** Throws a UserError (exit 4) when a stored column has another type than the catalogue's. */
  static async open(options: DuckDbSessionOptions): Promise<DuckDbSession> {
    const { file, catalogue, memoryLimitMiB, isReadable = true } = options;
    const { alone = atOnce, onDamage = () => undefined, onBehind = () => undefined } = options;
    if (file !== ':memory:') {
      makeDirectory(dirname(file), 0o750);
      // An earlier version left them readable for everybody.
      for (const name of [file, `${file}.wal`]) if (existsSync(name)) chmodSync(name, 0o600);
    }
    const instance = await DuckDBInstance.create(file, {
      ...engineSettings(memoryLimitMiB),
      // Samples have a time; keeping the order of insertion costs memory.
      preserve_insertion_order: 'false',
      wal_autocheckpoint: CHECKPOINT_AT,
      default_block_size: BLOCK_BYTES,
    });
    try {
      const writer = await instance.connect();
      await writer.run(`SET max_temp_directory_size = '${MAX_SPILL}'`);
      if (file !== ':memory:')
        await writer.run(`SET allowed_directories = [${sqlText(copyDirectory(file))}]`);
      // No query needs another file or an extension; only a copy is written, into its directory.
      await writer.run('SET enable_external_access = false');
      const stored = await storedMeasurements(writer);
      const identities = await BatchIdentities.open(writer, KEEP_IDENTITIES);
      const history = await prepareHistory(writer);
      if (history.damage !== undefined) onDamage(history.damage);
      const readers = await ReaderPool.open(instance, READERS);
      const roller = await ReaderPool.open(instance, 1);
      const session = new DuckDbSession({
        file,
        catalogue,
        isReadable,
        instance,
        writer,
        readers,
        identities,
        roller,
        stored: history,
        alone,
        onDamage,
        onBehind,
      });
      for (const measurement of stored) if (catalogue.has(measurement)) await session.#tableOf(measurement);
      for (const { name } of LEVELS) await session.#ensureLevel(name);
      return session;
    } catch (error) {
      instance.closeSync();
      throw error;
    }
  }

  /** Reads a database with its log and changes nothing, to find out whether that works. */
  static async tryOpen(path: string, memoryLimitMiB: number): Promise<void> {
    const settings = { ...engineSettings(memoryLimitMiB), access_mode: 'READ_ONLY' };
    const instance = await DuckDBInstance.create(path, settings);
    instance.closeSync();
  }

  has(batch: PackedRows): boolean {
    return this.#identities.has(batch);
  }

  /** Every batch in the file; undefined: an earlier version wrote it and kept no complete list. */
  held(): Promise<readonly HeldBatches[] | undefined> {
    return this.#identities.held();
  }

  /** Why the list of batches had to be begun anew; undefined: it did not. */
  get listDamage(): unknown {
    return this.#identities.damage;
  }

  adopt(held: readonly HeldBatches[]): Promise<void> {
    return this.#identities.adopt(held);
  }

  /** Writes all batches and their identities in one transaction, or nothing. Discard the session after a failure. */
  commit(batches: readonly PackedRows[]): Promise<void> {
    const late = this.#noteLate(batches);
    const committing = this.#commit(batches, late);
    this.#committing = committing.catch(() => undefined);
    return committing;
  }

  async #commit(batches: readonly PackedRows[], late: readonly LateHour[]): Promise<void> {
    const touched = new Map<string, MeasurementWriter>();
    for (const table of batches.flatMap((batch) => batch.tables)) {
      const { measurement } = table.shape;
      const measurementWriter = touched.get(measurement) ?? (await this.#tableOf(measurement));
      touched.set(measurement, measurementWriter);
      measurementWriter.add(table);
    }
    await this.writer.run('BEGIN');
    for (const table of touched.values()) await table.flush();
    await this.#identities.append(batches);
    await storeLate(this.writer, late);
    await this.writer.run('COMMIT');
    this.#identities.remember(batches);
  }

  #noteLate(batches: readonly PackedRows[]): readonly LateHour[] {
    const late: LateHour[] = [];
    latePoints(
      batches,
      (timeMs) => this.history.isLate(timeMs),
      (agent, timeMs) => {
        const noted = this.history.noteLate(agent, timeMs);
        if (noted !== undefined) late.push(noted);
      },
    );
    return late;
  }

  /** A table that cannot be read leaves the others their turn. */
  async #deleteRows(standing: HistoryStanding, signal: AbortSignal): Promise<void> {
    await this.writer.run('BEGIN');
    await saveStanding(this.writer, standing);
    await this.writer.run('COMMIT');
    const limits = [
      [SAMPLES, (of: HistoryStanding) => of.rawFromMs],
      ...LEVELS.flatMap(({ name }) =>
        [name, statesSchema(name)].map(
          (schema) => [schema, (of: HistoryStanding) => of[name].fromMs] as const,
        ),
      ),
    ] as const;
    const problems: unknown[] = [];
    for (const [schema, limitOf] of limits) {
      for (const measurement of await storedMeasurements(this.writer, schema)) {
        signal.throwIfAborted();
        const beforeMs = limitOf(standingOf(standing, measurement));
        if (beforeMs === undefined) continue;
        await deleteBefore(this.writer, `${schema}.${sqlName(measurement)}`, beforeMs).catch(
          (error: unknown) => problems.push(error),
        );
      }
    }
    await this.writer.run('CHECKPOINT');
    if (problems.length > 0) throw problems[0];
  }

  /** In one transaction of its own: everything that was committed when it began. Takes the place of an earlier copy. */
  async copy(signal: AbortSignal): Promise<string> {
    const directory = copyDirectory(this.#file);
    rmSync(directory, { recursive: true, force: true });
    makeDirectory(directory, 0o700);
    const copy = join(directory, basename(this.#file));
    return this.readers.run(signal, async (connection) => {
      const [[name] = []] = await rowsOf(connection, 'SELECT current_database()', []);
      await connection.run(`ATTACH ${sqlText(copy)} AS ${COPY}`);
      try {
        await connection.run(`COPY FROM DATABASE ${sqlName(String(name))} TO ${COPY}`);
      } finally {
        await connection.run(`DETACH ${COPY}`);
      }
      chmodSync(copy, 0o600);
      return copy;
    });
  }

  async close(): Promise<void> {
    await this.readers.close();
    await this.#roller.close();
    this.#identities.close();
    for (const { writer } of this.#tables.values()) writer.close();
    this.writer.closeSync();
    this.#instance.closeSync();
  }

  /** With the columns of tags that are new in the catalogue. */
  async #ensureLevel(level: LevelName): Promise<void> {
    const source = { connection: this.writer, columns: new KnownColumns() };
    for (const measurement of await storedMeasurements(this.writer, level)) {
      const definition = this.#catalogue.get(measurement);
      if (definition !== undefined) await ensureLevelTable(source, level, definition, []);
    }
    for (const measurement of await storedMeasurements(this.writer, statesSchema(level))) {
      const definition = this.#catalogue.get(measurement);
      if (definition !== undefined) await ensureStatesTable(source, level, definition);
    }
  }

  async #tableOf(measurement: string): Promise<MeasurementWriter> {
    const known = this.#tables.get(measurement);
    const definition = this.#catalogue.get(measurement);
    if (definition === undefined) throw new Error(`unknown measurement "${measurement}"`);
    if (known?.definition === definition) return known.writer;
    // Operators may declare further fields while it is open.
    known?.writer.close();
    this.#tables.delete(measurement);
    const writer = await MeasurementWriter.open(
      this.writer,
      await ensureTable(this.writer, definition),
      this.#columnWriter,
      this.#isReadable,
    );
    this.#tables.set(measurement, { definition, writer });
    return writer;
  }
}

interface OpenTable {
  readonly definition: MeasurementDefinition;
  readonly writer: MeasurementWriter;
}

function atOnce<T>(work: () => Promise<T>): Promise<T> {
  return work();
}

function engineSettings(memoryLimitMiB: number): Record<string, string> {
  return { memory_limit: `${memoryLimitMiB}MiB`, threads: THREADS };
}

/** Beside the database, so that a copy does not need another file system to have space. */
function copyDirectory(file: string): string {
  return join(dirname(file), 'store-copy');
}

function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** DuckDB's error classes for bad values; the driver's own conversions throw a TypeError or RangeError. */
const ABOUT_DATA = /^(?:Conversion|Constraint|Invalid Input|Invalid type|Mismatch Type|Out of Range) Error/;

/** Whether the rows caused the error, not the database. */
export function isAboutData(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return true;
  return ABOUT_DATA.test(messageOf(error));
}

export function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0] ?? '';
}
