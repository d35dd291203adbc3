import { BIGINT, VARCHAR, type DuckDBAppender, type DuckDBConnection } from '@duckdb/node-api';
import type { HeldBatches } from '../sample-store.ts';
import { CHUNK_ROWS, ColumnChunk, ColumnWriter } from './column-chunk.ts';
import { isDamage } from './damage.ts';
import type { PackedRows } from './packed-rows.ts';
import { RecentBatches, type BatchIdentity } from './recent-batches.ts';
import { rowsOf } from './schema.ts';
import { fold, heldIn, replaceRanges, RANGES } from './written-ranges.ts';

const TABLE = 'main.written_batch';
const CREATE_TABLE = `CREATE TABLE ${TABLE} (number BIGINT, agent VARCHAR, epoch VARCHAR, seq BIGINT, points BIGINT, newest_ms BIGINT)`;
/** Identities become ranges once this share of what is kept is surplus, so that most writes do nothing about it. */
const FOLD_SHARE = 0.1;

/**
 * Which batches were written, in the transactions that wrote them. The newest `keep` are kept one by one, on disk and in memory, so that
 * a resend is recognised; all older ones as ranges, so that after any loss of the file or its log it is known what is gone.
 */
export class BatchIdentities {
  readonly #connection: DuckDBConnection;
  readonly #keep: number;
  readonly #known: RecentBatches;
  readonly #chunk: ColumnChunk;
  /** Why the list had to be begun anew. */
  damage: unknown;
  #appender: DuckDBAppender | undefined;
  #next: number;
  #onDisk: number;
  #isComplete: boolean;

  private constructor(
    connection: DuckDBConnection,
    keep: number,
    loaded: {
      readonly known: RecentBatches;
      readonly onDisk: number;
      readonly next: number;
      readonly isComplete: boolean;
    },
  ) {
    this.#connection = connection;
    this.#keep = keep;
    this.#chunk = new ColumnChunk([BIGINT, VARCHAR, VARCHAR, BIGINT, BIGINT, BIGINT], new ColumnWriter());
    this.#known = loaded.known;
    this.#next = loaded.next;
    this.#isComplete = loaded.isComplete;
    this.#onDisk = loaded.onDisk;
  }

  /** A list that cannot be read is begun anew, since the samples are worth more than it. */
  static async open(connection: DuckDBConnection, keep: number): Promise<BatchIdentities> {
    try {
      return await BatchIdentities.#load(connection, keep, await prepareTables(connection));
    } catch (error) {
      if (!isDamage(error)) throw error;
      // In one transaction, and without ranges: it must look like a file of an earlier version, not like one that holds nothing.
      await connection.run('BEGIN');
      for (const table of [RANGES.name, TABLE]) await connection.run(`DROP TABLE IF EXISTS ${table}`);
      await connection.run(CREATE_TABLE);
      await connection.run('COMMIT');
      const renewed = await BatchIdentities.#load(connection, keep, false);
      renewed.damage = error;
      return renewed;
    }
  }

  static async #load(
    connection: DuckDBConnection,
    keep: number,
    isComplete: boolean,
  ): Promise<BatchIdentities> {
    const rows = await rowsOf(connection, `SELECT number, agent, epoch, seq FROM ${TABLE} ORDER BY number`);
    const known = new RecentBatches(keep);
    for (const [, agent, epoch, seq] of rows)
      known.add({ agent: String(agent), epoch: String(epoch), seq: Number(seq) });
    const last = rows.at(-1)?.[0];
    const next = typeof last === 'bigint' ? Number(last) + 1 : 0;
    return new BatchIdentities(connection, keep, { known, onDisk: rows.length, next, isComplete });
  }

  has(batch: BatchIdentity): boolean {
    return this.#known.has(batch);
  }

  /** Every batch in the file; undefined: an earlier version wrote it and kept only the newest. */
  async held(): Promise<readonly HeldBatches[] | undefined> {
    return this.#isComplete ? await heldIn(this.#connection, TABLE) : undefined;
  }

  /**
   * From now on these count as held, and of the newest batches those that are not among them: the store may have committed what the
   * ledger did not, and when it is sent again it is known here and not written. In one transaction.
   */
  async adopt(held: readonly HeldBatches[]): Promise<void> {
    await this.#connection.run('BEGIN');
    await replaceRanges(this.#connection, held);
    await this.#connection.run(
      `DELETE FROM ${TABLE} AS batch USING ${RANGES.name} AS held WHERE batch.agent = held.agent
       AND batch.epoch = held.epoch AND batch.seq BETWEEN held.from_seq AND held.to_seq`,
    );
    const [[left] = []] = await rowsOf(this.#connection, `SELECT count(*) FROM ${TABLE}`);
    await this.#connection.run('COMMIT');
    this.#onDisk = Number(left);
    this.#isComplete = true;
  }

  /** Call it inside a transaction, and `remember` after the commit. */
  async append(batches: readonly PackedRows[]): Promise<void> {
    this.#appender ??= await this.#connection.createAppender('written_batch');
    for (let start = 0; start < batches.length; start += CHUNK_ROWS)
      this.#appendChunk(this.#appender, batches.slice(start, start + CHUNK_ROWS), this.#next + start);
    this.#appender.flushSync();
    const surplus = this.#onDisk + batches.length - this.#keep;
    if (this.#isComplete && surplus > this.#keep * FOLD_SHARE) {
      await fold(this.#connection, TABLE, this.#next + batches.length - this.#keep);
      this.#onDisk -= surplus;
    }
  }

  #appendChunk(appender: DuckDBAppender, batches: readonly PackedRows[], first: number): void {
    this.#chunk.start(batches.length);
    const columns: readonly ((writer: ColumnWriter, batch: PackedRows, at: number) => void)[] = [
      (writer, _, at) => writer.int(first + at),
      (writer, { agent }) => writer.text(agent),
      (writer, { epoch }) => writer.text(epoch),
      (writer, { seq }) => writer.int(seq),
      (writer, { points }) => writer.int(points),
      (writer, { newestMs }) => writer.int(newestMs),
    ];
    columns.forEach((put, column) =>
      this.#chunk.column(column, (writer) => batches.forEach((batch, at) => put(writer, batch, at))),
    );
    this.#chunk.appendTo(appender);
  }

  remember(batches: readonly BatchIdentity[]): void {
    this.#next += batches.length;
    this.#onDisk += batches.length;
    for (const batch of batches) this.#known.add(batch);
  }

  close(): void {
    this.#appender?.closeSync();
    this.#appender = undefined;
  }
}

/** False: the file is of an earlier version, which kept no ranges. */
async function prepareTables(connection: DuckDBConnection): Promise<boolean> {
  const names = await rowsOf(
    connection,
    `SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main' AND table_name IN ('written_batch', 'written_range')`,
  );
  const found = new Set(names.map(([name]) => String(name)));
  if (!found.has('written_batch')) {
    // Both at once: a log that ends between them must not make the file look like one of an earlier version.
    await connection.run('BEGIN');
    await connection.run(CREATE_TABLE);
    await connection.run(`CREATE TABLE IF NOT EXISTS ${RANGES.name} (${RANGES.columns})`);
    await connection.run('COMMIT');
    return true;
  }
  for (const column of ['points', 'newest_ms'])
    await connection.run(`ALTER TABLE ${TABLE} ADD COLUMN IF NOT EXISTS ${column} BIGINT DEFAULT 0`);
  return found.has('written_range');
}
