import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { Slots } from '../slots.ts';

/** Connections that answer questions: a query's own temporary state belongs to its connection, so one at a time each. */
export class ReaderPool {
  readonly #slots: Slots;
  readonly #idle: DuckDBConnection[];
  readonly #size: number;

  private constructor(connections: DuckDBConnection[]) {
    this.#idle = connections;
    this.#size = connections.length;
    this.#slots = new Slots(connections.length);
  }

  static async open(instance: DuckDBInstance, size: number): Promise<ReaderPool> {
    const connections: DuckDBConnection[] = [];
    for (let count = 0; count < size; count++) connections.push(await instance.connect());
    return new ReaderPool(connections);
  }

  /** Waits for a free connection. Rejects with the signal's reason when it aborts, waiting or at work. */
  run<T>(signal: AbortSignal, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    return this.#slots.run(async () => {
      signal.throwIfAborted();
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
    });
  }

  /** Waits for the queries at work; those that wait are refused. */
  async close(): Promise<void> {
    const turns = Array.from({ length: this.#size }, () =>
      this.#slots.run(async () => this.#idle.pop()?.closeSync()),
    );
    await Promise.all(turns);
  }
}
