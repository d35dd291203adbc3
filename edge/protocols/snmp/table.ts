import type { Cell, Column, Conversation } from './conversation.ts';
import { isUnanswered } from './session.ts';

/** Rows by index; a cell is missing where the device has none. */
export type Rows<Name extends string> = ReadonlyMap<string, Partial<Record<Name, Cell>>>;

export interface Table<Name extends string> {
  readonly rows: Rows<Name>;
  /** The first error. */
  readonly error?: Error | undefined;
  /** Columns with an error: a missing cell does not mean that the device has none. */
  readonly incomplete: ReadonlySet<Name>;
}

/** Reads columns, those that are asked for together together. An error ends its column, no answer ends the table. */
export class TableReader<Name extends string> {
  readonly #conversation: Pick<Conversation, 'column'>;
  readonly #rows = new Map<string, Partial<Record<Name, Cell>>>();
  readonly #incomplete = new Set<Name>();
  #error: Error | undefined;
  #isUnanswered = false;

  constructor(conversation: Pick<Conversation, 'column'>) {
    this.#conversation = conversation;
  }

  /** Returns how many rows have it. With several OIDs, later ones fill in rows that earlier ones lack. */
  async read(name: Name, ...oids: readonly string[]): Promise<number> {
    for (const oid of oids) {
      if (this.#isUnanswered) this.#incomplete.add(name);
      if (this.#incomplete.has(name)) break;
      const column = await this.#conversation.column(oid);
      if (column.error !== undefined) this.#recordError(name, column.error);
      this.#add(name, column);
      if (this.#count(name) === this.#rows.size) break;
    }
    return this.#count(name);
  }

  table(): Table<Name> {
    return { rows: this.#rows, error: this.#error, incomplete: this.#incomplete };
  }

  #add(name: Name, { cells }: Column): void {
    for (const [index, cell] of cells) {
      let row = this.#rows.get(index);
      if (row === undefined) this.#rows.set(index, (row = {}));
      row[name] ??= cell;
    }
  }

  #count(name: Name): number {
    let count = 0;
    for (const row of this.#rows.values()) if (row[name] !== undefined) count++;
    return count;
  }

  #recordError(name: Name, error: Error): void {
    this.#incomplete.add(name);
    this.#error ??= error;
    if (isUnanswered(error)) this.#isUnanswered = true;
  }
}

/** All of these columns; with `key`, nothing else is requested when the device lacks that one. */
export async function readTable<Name extends string>(
  conversation: Pick<Conversation, 'column'>,
  columns: Readonly<Record<Name, string>>,
  key?: NoInfer<Name>,
): Promise<Table<Name>> {
  const reader = new TableReader<Name>(conversation);
  const names = Object.keys(columns) as Name[];
  if (key !== undefined && (await reader.read(key, columns[key])) === 0) return reader.table();
  await Promise.all(names.filter((name) => name !== key).map((name) => reader.read(name, columns[name])));
  return reader.table();
}
