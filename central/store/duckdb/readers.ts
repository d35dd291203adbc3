import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { Semaphore } from '../../../runtime/semaphore.ts';

/** Connections for queries, one query at a time each: a query's temporary state belongs to its connection. */
export class ReaderPool {
  readonly #permits: Semaphore;
  readonly #idle: DuckDBConnection[];
  readonly #size: number;

  private constructor(connections: DuckDBConnection[]) {
    this.#idle = connections;
    this.#size = connections.length;
    this.#permits = new Semaphore(connections.length);
  }

  static async open(instance: DuckDBInstance, size: number): Promise<ReaderPool> {
    const connections: DuckDBConnection[] = [];
    for (let count = 0; count < size; count++) connections.push(await instance.connect());
    return new ReaderPool(connections);
  }

  /** Waits for a free connection. Rejects with the signal's reason when it aborts, before or during the work. */
  run<T>(signal: AbortSignal, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return this.#permits.run(async () => {
      const connection = this.#idle.pop();
      if (connection === undefined) throw new Error('the database is closed');
      const interrupt = (): void => connection.interrupt();
      signal.addEventListener('abort', interrupt, { once: true });
      try {
        return await work(connection);
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      } finally {
        signal.removeEventListener('abort', interrupt);
        this.#idle.push(connection);
      }
    }, signal);
  }

  /** Waits for the queries that run; those that still wait for a connection fail. */
  async close(): Promise<void> {
    const closed = Array.from({ length: this.#size }, () =>
      this.#permits.run(async () => this.#idle.pop()?.closeSync()),
    );
    await Promise.all(closed);
  }
}
