const READS = /^\s*(?:SELECT|PRAGMA|VACUUM)\b/i;
const WRITTEN =
  /^\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)\s+(\w+)/i;
const READ = /\b(?:FROM|JOIN)\s+([a-z]\w*)/gi;

/** How often the tables of a database were written: equal counts, equal contents. Of texts of SQL as this project writes them, without triggers that write. */
export class TableWrites {
  readonly #counts = new Map<string, { count: number }>();
  #ofAll = 0;

  /** To be called before each use of the statement. */
  noteFor(sql: string): () => void {
    if (READS.test(sql)) return () => undefined;
    const table = WRITTEN.exec(sql)?.[1];
    if (table === undefined) return () => this.noteAll();
    const counter = this.#counterOf(table);
    return () => {
      counter.count++;
    };
  }

  /** Anything may have been written. */
  noteAll(): void {
    this.#ofAll++;
  }

  /** Of all tables that a question names, together: it only grows. */
  countOf(sql: string): () => number {
    const counters = [...sql.matchAll(READ)].map(([, table = '']) => this.#counterOf(table));
    return () => {
      let sum = this.#ofAll;
      for (const { count } of counters) sum += count;
      return sum;
    };
  }

  #counterOf(table: string): { count: number } {
    let counter = this.#counts.get(table);
    if (counter === undefined) this.#counts.set(table, (counter = { count: 0 }));
    return counter;
  }
}
