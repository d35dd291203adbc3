import type { SqlRow, StateDatabase, Statement } from '../state/database.ts';
import { bookLosses, bookLowest, bookStored, EMPTY_BOOK, missingIn, toEntry, type Book } from './book.ts';
import { contains, subtract, type Ranges } from './intervals.ts';
import { openLedgerHours, type LedgerHours } from './ledger-hours.ts';
import type { Ledger, LedgerEntry, NewlyMissing } from './ledger.ts';

/** A wiped disk is a new epoch; an agent that makes one after the other must not fill the ledger. */
const MAX_EPOCHS_PER_AGENT = 32;

const MIGRATIONS = [
  `CREATE TABLE ledger_entry (
     agent TEXT NOT NULL,
     epoch TEXT NOT NULL,
     book TEXT NOT NULL,
     updated_at_ms INTEGER NOT NULL,
     PRIMARY KEY (agent, epoch)
   ) WITHOUT ROWID`,
];

const UPSERT = `INSERT INTO ledger_entry (agent, epoch, book, updated_at_ms) VALUES (?, ?, ?, ?)
  ON CONFLICT (agent, epoch) DO UPDATE SET book = excluded.book, updated_at_ms = excluded.updated_at_ms`;

interface Statements {
  readonly upsert: Statement;
  readonly remove: Statement;
}

/** Kept in memory for reading, in `state.db` for truth. */
export function openLedger(database: StateDatabase): Ledger {
  return new SqliteLedger(database);
}

interface Page {
  readonly book: Book;
  readonly updatedAtMs: number;
}

type Epochs = ReadonlyMap<string, Page>;

class SqliteLedger implements Ledger {
  readonly #database: StateDatabase;
  readonly #statements: Statements;
  readonly #hours: LedgerHours;
  readonly #agents: Map<string, Epochs>;

  constructor(database: StateDatabase) {
    database.migrate('ledger', MIGRATIONS);
    this.#database = database;
    this.#statements = {
      upsert: database.prepare(UPSERT),
      remove: database.prepare('DELETE FROM ledger_entry WHERE agent = ? AND epoch = ?'),
    };
    this.#hours = openLedgerHours(database);
    this.#agents = loadAgents(database);
  }

  isStored(agent: string, epoch: string, seq: number): boolean {
    const page = this.#agents.get(agent)?.get(epoch);
    return page !== undefined && contains(page.book.stored, seq);
  }

  recordStored(batches: Parameters<Ledger['recordStored']>[0], nowMs: number): readonly NewlyMissing[] {
    const work = new Work(this.#agents, nowMs);
    for (const batch of batches) {
      const before = work.book(batch.agent, batch.epoch);
      if (contains(before.stored, batch.seq)) continue;
      const after = bookStored(before, batch, nowMs);
      work.change(batch.agent, batch.epoch, after);
      this.#hours.add(batch, after.lostPoints - before.lostPoints, nowMs);
    }
    return this.#commit(work, nowMs);
  }

  recordLost(declarations: Parameters<Ledger['recordLost']>[0], nowMs: number): void {
    const work = new Work(this.#agents, nowMs);
    for (const { agent, epoch, losses } of declarations) {
      const before = work.book(agent, epoch);
      const after = bookLosses(before, losses);
      if (after === before) continue;
      work.change(agent, epoch, after);
      this.#hours.addLost(agent, after.lostPoints - before.lostPoints, nowMs);
    }
    this.#commit(work, nowMs);
  }

  recordLowest(agent: string, epoch: string, lowest: number, nowMs: number): readonly NewlyMissing[] {
    const work = new Work(this.#agents, nowMs);
    const before = work.book(agent, epoch);
    const after = bookLowest(before, lowest);
    if (after === before) return [];
    work.change(agent, epoch, after);
    return this.#commit(work, nowMs);
  }

  entries(agent?: string): readonly LedgerEntry[] {
    const agents = agent === undefined ? [...this.#agents.keys()] : [agent];
    return agents.flatMap((name) =>
      [...(this.#agents.get(name) ?? [])].map(([epoch, page]) => toEntry(name, epoch, page.book)),
    );
  }

  hours(agent: string | undefined, fromMs: number, toMs: number): ReturnType<Ledger['hours']> {
    return this.#hours.read(agent, fromMs, toMs);
  }

  /** Memory follows the disk: when the transaction fails, nothing was recorded anywhere. */
  #commit(work: Work, nowMs: number): readonly NewlyMissing[] {
    try {
      this.#database.transaction(() => {
        work.write(this.#statements);
        this.#hours.flush(nowMs);
      });
    } catch (error) {
      this.#hours.discard();
      throw error;
    }
    const newlyMissing = work.newlyMissing();
    for (const [agent, epochs] of work.changed) this.#agents.set(agent, epochs);
    return newlyMissing;
  }
}

/** The changes of one transaction, apart from what is known until it is durable. */
class Work {
  readonly changed = new Map<string, Map<string, Page>>();
  readonly #known: ReadonlyMap<string, Epochs>;
  readonly #nowMs: number;
  readonly #touched = new Map<string, { agent: string; epoch: string }>();
  readonly #evicted: { agent: string; epoch: string }[] = [];

  constructor(known: ReadonlyMap<string, Epochs>, nowMs: number) {
    this.#known = known;
    this.#nowMs = nowMs;
  }

  book(agent: string, epoch: string): Book {
    return (this.changed.get(agent) ?? this.#known.get(agent))?.get(epoch)?.book ?? EMPTY_BOOK;
  }

  change(agent: string, epoch: string, book: Book): void {
    let epochs = this.changed.get(agent);
    if (epochs === undefined) {
      epochs = new Map(this.#known.get(agent));
      this.changed.set(agent, epochs);
    }
    epochs.set(epoch, { book, updatedAtMs: this.#nowMs });
    this.#touched.set(`${agent} ${epoch}`, { agent, epoch });
    if (epochs.size > MAX_EPOCHS_PER_AGENT) this.#evictOldest(agent, epoch, epochs);
  }

  write(statements: Statements): void {
    for (const { agent, epoch } of this.#touched.values()) {
      const page = this.changed.get(agent)?.get(epoch);
      if (page !== undefined)
        statements.upsert.run(agent, epoch, JSON.stringify(page.book), page.updatedAtMs);
    }
    for (const { agent, epoch } of this.#evicted) statements.remove.run(agent, epoch);
  }

  newlyMissing(): readonly NewlyMissing[] {
    const found: NewlyMissing[] = [];
    for (const { agent, epoch } of this.#touched.values()) {
      const before = this.#known.get(agent)?.get(epoch)?.book;
      const ranges = this.#missingSince(before, this.book(agent, epoch));
      if (ranges.length > 0) found.push({ agent, epoch, ranges, firstContact: before === undefined });
    }
    return found;
  }

  #missingSince(before: Book | undefined, after: Book): Ranges {
    if (before?.lowest === after.lowest) return [];
    return subtract(missingIn(after), before === undefined ? [] : missingIn(before));
  }

  #evictOldest(agent: string, kept: string, epochs: Map<string, Page>): void {
    let oldest: [string, Page] | undefined;
    for (const entry of epochs) {
      if (entry[0] !== kept && (oldest === undefined || entry[1].updatedAtMs < oldest[1].updatedAtMs))
        oldest = entry;
    }
    if (oldest === undefined) return;
    epochs.delete(oldest[0]);
    this.#evicted.push({ agent, epoch: oldest[0] });
  }
}

function loadAgents(database: StateDatabase): Map<string, Epochs> {
  const agents = new Map<string, Map<string, Page>>();
  for (const row of database.prepare('SELECT agent, epoch, book, updated_at_ms FROM ledger_entry').all()) {
    const agent = String(row['agent']);
    const epochs = agents.get(agent) ?? new Map<string, Page>();
    epochs.set(String(row['epoch']), { book: readBook(row), updatedAtMs: Number(row['updated_at_ms']) });
    agents.set(agent, epochs);
  }
  return agents;
}

/** JSON leaves out what is undefined and keeps everything else as it was. */
function readBook(row: SqlRow): Book {
  return { ...EMPTY_BOOK, ...(JSON.parse(String(row['book'])) as Partial<Book>) };
}
