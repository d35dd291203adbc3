import type { DuckDBConnection } from '@duckdb/node-api';
import type { Catalogue } from '../../../contract/catalogue.ts';
import { EXIT, UserError } from '../../../runtime/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { toldBehind } from '../history/told-behind.ts';
import { Semaphore } from '../../../runtime/semaphore.ts';
import { isDamage } from './damage.ts';
import { readSums } from '../history/sums.ts';
import { readHistory } from '../history/tiled-query.ts';
import type { RetentionLimits } from '../history/levels.ts';
import { readLatest } from './query.ts';
import { segmentReader } from './segment-reader.ts';
import { readSumsOf } from './sums.ts';
import { rowsOf, SAMPLES } from './schema.ts';
import { MemoryLimit } from './memory-limit.ts';
import { SessionOpener } from './session-opener.ts';
import { firstLine, isAboutData, type DuckDbSession } from './session.ts';
import type { PackedRows } from './packed-rows.ts';
import { RowPacker } from './row-packer.ts';
import {
  StoreQueryError,
  StoreUnavailableError,
  type LatestQuery,
  type LatestRow,
  type OpeningListener,
  type SampleStore,
  type SeriesQuery,
  type SeriesResult,
  type StoreLimit,
  type StoreRejection,
  type SumsQuery,
  type SumsResult,
} from '../sample-store.ts';
import type { SampleBatch } from '../../samples/sample-table.ts';
import { planLatest, planQuery, planSums } from '../series-query.ts';

export interface DuckDbStoreOptions {
  /** One file, or `:memory:`. */
  readonly file: string;
  readonly catalogue: Catalogue;
  readonly log: Logger;
  /** What DuckDB may take for its own buffers; more where it cannot write with that. */
  readonly memoryLimitMiB?: number;
  /** Puts damaged files aside and opens without them. Without it damage is an error. */
  readonly repair?: { readonly now: () => number };
}

const DEFAULT_MEMORY_LIMIT_MIB = 256;

/** The embedded store: one DuckDB file; a batch and its identity are written in one transaction. */
export function createDuckDbStore(options: DuckDbStoreOptions): SampleStore {
  return new DuckDbStore(options);
}

class DuckDbStore implements SampleStore {
  readonly kind = 'duckdb';
  readonly name: string;
  /** Each write plans an insertion for each table: per row, one of 5,000 rows takes a fourteenth of the time of one of 50. */
  readonly grouping = { delayMs: 1_000, maxPoints: 20_000 };
  readonly #options: DuckDbStoreOptions;
  readonly #opener: SessionOpener;
  readonly #packer: RowPacker;
  readonly #writing = new Semaphore(1);
  #session: DuckDbSession | undefined;
  #isOpen = false;
  #isDamaged = false;
  readonly #memory: MemoryLimit;

  constructor(options: DuckDbStoreOptions) {
    this.#options = options;
    const { repair, memoryLimitMiB = DEFAULT_MEMORY_LIMIT_MIB } = options;
    this.#memory = new MemoryLimit(memoryLimitMiB, options.log);
    this.#opener = new SessionOpener({
      ...options,
      memory: this.#memory,
      repair,
      alone: (work, signal) => this.#writing.run(work, signal),
      onDamage: (error) => this.#note(error),
      onBehind: toldBehind(options.log),
    });
    this.#packer = new RowPacker(options.catalogue);
    this.name = `DuckDB ${options.file}`;
  }

  async open(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    try {
      this.#session = await this.#openSession();
      this.#isOpen = true;
    } catch (error) {
      if (error instanceof UserError) throw error;
      const reason = `${this.#options.file}: cannot be opened: ${firstLine(error)}`;
      throw new UserError(EXIT.dataDirectory, [reason], error);
    }
  }

  get fault(): StoreLimit | undefined {
    if (this.#isDamaged) return 'damaged file';
    return this.#memory.isRaised ? 'memory' : undefined;
  }

  onOpened(listener: OpeningListener): Promise<void> {
    this.#opener.listen(listener);
    return this.#writing.run(async () => {
      if (this.#session !== undefined) await this.#opener.tell(this.#session);
    });
  }

  prepare(batch: SampleBatch): PackedRows {
    return this.#packer.pack(batch);
  }

  write(batches: readonly PackedRows[], signal: AbortSignal): Promise<readonly StoreRejection[]> {
    return this.#writing.run(async () => {
      const session = await this.#sessionToWrite();
      const seen = new Set<string>();
      const fresh = batches.filter((batch) => {
        const identity = `${batch.agent} ${batch.epoch} ${batch.seq}`;
        if (seen.has(identity) || session.has(batch)) return false;
        seen.add(identity);
        return true;
      });
      if (fresh.length > 0) await this.#commit(session, fresh);
      return batches.flatMap(({ rejections }) => rejections);
    }, signal);
  }

  query(query: SeriesQuery, signal: AbortSignal): Promise<SeriesResult> {
    return this.#read(signal, (connection, { history, columns }) => {
      const plan = planQuery(this.#options.catalogue, query);
      return readHistory(plan, history.viewOf(query.measurement), segmentReader({ connection, columns }));
    });
  }

  sums(query: SumsQuery, signal: AbortSignal): Promise<SumsResult> {
    return this.#read(signal, (connection, { history, columns }) => {
      const plan = planSums(this.#options.catalogue, query);
      return readSums(plan, history.viewOf(query.measurement), (segment) =>
        readSumsOf({ connection, columns }, plan, segment),
      );
    });
  }

  latest(query: LatestQuery, signal: AbortSignal): Promise<readonly LatestRow[]> {
    return this.#read(signal, async (connection) => {
      const definition = planLatest(this.#options.catalogue, query);
      return (await hasTable(connection, query.measurement)) ? readLatest(connection, definition, query) : [];
    });
  }

  async rollUp(upToMs: number, signal: AbortSignal): Promise<boolean> {
    const session = await this.#writing.run(() => this.#sessionToWrite(), signal);
    try {
      return await session.history.rollUp(upToMs, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (this.#memory.raiseAfter(error)) await this.#writing.run(() => this.#discard(session));
      this.#note(error);
      throw new StoreUnavailableError(`${this.name} could not roll up: ${firstLine(error)}`, {
        cause: error,
      });
    }
  }

  async deleteBefore(limits: RetentionLimits, signal: AbortSignal): Promise<void> {
    const session = await this.#writing.run(() => this.#sessionToWrite(), signal);
    try {
      await session.history.deleteBefore(limits, signal);
    } catch (error) {
      signal.throwIfAborted();
      await this.#writing.run(() => this.#discard(session));
      this.#memory.raiseAfter(error);
      this.#note(error);
      throw this.#unavailable(error);
    }
  }

  async copy(signal: AbortSignal): Promise<string> {
    const session = this.#session;
    if (session === undefined) throw new StoreUnavailableError(`${this.name} is not open`);
    try {
      return await session.copy(signal);
    } catch (error) {
      signal.throwIfAborted();
      throw new StoreUnavailableError(`${this.name} could not be copied: ${firstLine(error)}`, {
        cause: error,
      });
    }
  }

  close(): Promise<void> {
    this.#isOpen = false;
    return this.#writing.run(async () => {
      const session = this.#session;
      this.#session = undefined;
      await session?.close();
    });
  }

  /**
   * After any failure the file is opened again: DuckDB requires it after a failed checkpoint, and a failed append can
   * leave columns of unequal length in memory (seen on a full disk).
   */
  async #commit(session: DuckDbSession, batches: readonly PackedRows[]): Promise<void> {
    try {
      await session.commit(batches);
    } catch (error) {
      await this.#discard(session);
      this.#memory.raiseAfter(error);
      this.#note(error);
      throw isAboutData(error) ? error : this.#unavailable(error);
    }
  }

  async #read<T>(
    signal: AbortSignal,
    work: (connection: DuckDBConnection, session: DuckDbSession) => Promise<T>,
  ): Promise<T> {
    const session = this.#session;
    if (session === undefined) throw new StoreUnavailableError(`${this.name} is not open`);
    try {
      return await session.readers.run(signal, (connection) => work(connection, session));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof StoreQueryError) throw error;
      this.#note(error);
      throw new StoreUnavailableError(`${this.name} did not answer: ${firstLine(error)}`, { cause: error });
    }
  }

  /** Opens the file again if a failure closed it. */
  async #sessionToWrite(): Promise<DuckDbSession> {
    if (!this.#isOpen) throw new StoreUnavailableError(`${this.name} is not open`);
    try {
      const session = (this.#session ??= await this.#openSession());
      await this.#opener.tell(session);
      return session;
    } catch (error) {
      throw new StoreUnavailableError(`${this.name} cannot be opened: ${firstLine(error)}`, { cause: error });
    }
  }

  /** What is damaged within the file shows only where it is read. */
  #note(error: unknown): void {
    if (!isDamage(error) || this.#isDamaged) return;
    this.#isDamaged = true;
    const { file, log } = this.#options;
    log.error(
      { file, problem: firstLine(error) },
      'a part of the store cannot be read; restore a backup if it is needed',
    );
  }

  async #discard(session: DuckDbSession): Promise<void> {
    if (this.#session !== session) return;
    this.#session = undefined;
    await session.close().catch((error: unknown) => {
      this.#options.log.warn({ err: error }, 'embedded store could not be closed after a failure');
    });
  }

  #unavailable(error: unknown): StoreUnavailableError {
    return new StoreUnavailableError(`${this.name} could not write: ${firstLine(error)}`, {
      cause: error,
    });
  }

  async #openSession(): Promise<DuckDbSession> {
    const session = await this.#opener.open(!this.#isDamaged);
    this.#note(session.listDamage);
    return session;
  }
}

async function hasTable(connection: DuckDBConnection, measurement: string): Promise<boolean> {
  const rows = await rowsOf(
    connection,
    `SELECT 1 FROM duckdb_tables() WHERE schema_name = '${SAMPLES}' AND table_name = $1`,
    [measurement],
  );
  return rows.length > 0;
}
