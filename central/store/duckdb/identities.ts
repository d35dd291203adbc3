import { BIGINT, VARCHAR, type DuckDBAppender, type DuckDBConnection } from '@duckdb/node-api';
import { appendColumns, rowsOf } from './schema.ts';
import type { PreparedBatch } from '../sample-store.ts';

type BatchIdentity = Pick<PreparedBatch, 'agent' | 'epoch' | 'seq'>;

const TABLE = 'main.written_batch';
/** Rows are deleted once this share of what is kept is surplus, so that most writes delete nothing. */
const PRUNE_SHARE = 0.1;

/** Identities of the batches that were written: the newest `keep` of them, on disk and in memory. */
export class BatchIdentities {
  readonly #connection: DuckDBConnection;
  readonly #keep: number;
  readonly #known: Set<string>;
  #appender: DuckDBAppender | undefined;
  #next: bigint;
  #onDisk: number;

  private constructor(connection: DuckDBConnection, keep: number, known: Set<string>, next: bigint) {
    this.#connection = connection;
    this.#keep = keep;
    this.#known = known;
    this.#next = next;
    this.#onDisk = known.size;
  }

  static async open(connection: DuckDBConnection, keep: number): Promise<BatchIdentities> {
    await connection.run(
      `CREATE TABLE IF NOT EXISTS ${TABLE} (number BIGINT, agent VARCHAR, epoch VARCHAR, seq BIGINT)`,
    );
    const rows = await rowsOf(connection, `SELECT number, agent, epoch, seq FROM ${TABLE} ORDER BY number`);
    const known = new Set(
      rows.map(([, agent, epoch, seq]) => `${String(agent)} ${String(epoch)} ${String(seq)}`),
    );
    const last = rows.at(-1)?.[0];
    return new BatchIdentities(connection, keep, known, typeof last === 'bigint' ? last + 1n : 0n);
  }

  has(batch: BatchIdentity): boolean {
    return this.#known.has(identityOf(batch));
  }

  /** Call it inside a transaction, and `remember` after the commit. */
  async append(batches: readonly BatchIdentity[]): Promise<void> {
    this.#appender ??= await this.#connection.createAppender('written_batch');
    const first = this.#next;
    appendColumns(
      this.#appender,
      [BIGINT, VARCHAR, VARCHAR, BIGINT],
      [
        batches.map((_, index) => first + BigInt(index)),
        batches.map((batch) => batch.agent),
        batches.map((batch) => batch.epoch),
        batches.map((batch) => BigInt(batch.seq)),
      ],
    );
    this.#appender.flushSync();
    const surplus = this.#onDisk + batches.length - this.#keep;
    if (surplus > this.#keep * PRUNE_SHARE) {
      const oldest = first + BigInt(batches.length - this.#keep);
      await this.#connection.run(`DELETE FROM ${TABLE} WHERE number < $1`, [oldest]);
      this.#onDisk -= surplus;
    }
  }

  remember(batches: readonly BatchIdentity[]): void {
    this.#next += BigInt(batches.length);
    this.#onDisk += batches.length;
    for (const batch of batches) this.#known.add(identityOf(batch));
    for (const identity of this.#known) {
      if (this.#known.size <= this.#keep) break;
      this.#known.delete(identity);
    }
  }

  close(): void {
    this.#appender?.closeSync();
    this.#appender = undefined;
  }
}

export function identityOf(batch: BatchIdentity): string {
  return `${batch.agent} ${batch.epoch} ${batch.seq}`;
}
