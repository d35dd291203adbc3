import type { SqlRow, StateDatabase, Statement } from '../state/database.ts';
import { cityCompleteness, type CityCompleteness } from './city-completeness.ts';
import { contains, countIn, subtract, type Ranges } from './intervals.ts';
import { openLedgerHours, type LedgerHours } from './ledger-hours.ts';
import {
  addLosses,
  addOlder,
  addStored,
  awaitedIn,
  completenessOf,
  countBatches,
  countDeclaredLost,
  EMPTY_STATE,
  loseStored,
  missingIn,
  raiseLowest,
  toEntry,
  type LedgerEntryState,
} from './ledger-entry-state.ts';
import type {
  HeldBatches,
  Ledger,
  LedgerEntry,
  LedgerHour,
  LedgerHoursQuery,
  LedgerTotals,
  NewlyMissing,
  OpenBatches,
  Recorded,
  StoreLoss,
} from './ledger.ts';

/** A wiped disk is a new epoch; of an agent that begins one after the other, only counts are kept of the older ones. */
const MAX_EPOCHS_PER_AGENT = 32;
/** In the place of an epoch, which is longer: the counts of those that are forgotten. */
const OLDER = 'older';

const MIGRATIONS = [
  `CREATE TABLE ledger_entry (
     agent TEXT NOT NULL,
     epoch TEXT NOT NULL,
     book TEXT NOT NULL,
     updated_at_ms INTEGER NOT NULL,
     PRIMARY KEY (agent, epoch)
   ) WITHOUT ROWID`,
  'CREATE TABLE ledger_store (kind TEXT NOT NULL)',
];

/** All that a commit changes at once: a call of the driver for each costs more than what SQLite does. */
const UPSERT = `INSERT INTO ledger_entry (agent, epoch, book, updated_at_ms)
  SELECT value ->> 0, value ->> 1, value ->> 2, ?2 FROM json_each(?1) WHERE true
  ON CONFLICT (agent, epoch) DO UPDATE SET book = excluded.book, updated_at_ms = excluded.updated_at_ms`;

interface Statements {
  readonly upsert: Statement;
  readonly remove: Statement;
}

/** Reads come from memory; `state.db` is what a restart continues from. */
export function openLedger(database: StateDatabase): Ledger {
  return new SqliteLedger(database);
}

interface SavedState {
  readonly state: LedgerEntryState;
  readonly updatedAtMs: number;
}

type Epochs = ReadonlyMap<string, SavedState>;
/** By agent and epoch. */
type KnownAgents = Map<string, Map<string, SavedState>>;

const NOTHING = { ranges: [], points: 0, newestMs: 0 } as const;
function statesOf(epochs: Epochs): LedgerEntryState[] {
  return [...epochs.values()].map(({ state }) => state);
}

class SqliteLedger implements Ledger {
  readonly #database: StateDatabase;
  readonly #statements: Statements;
  readonly #hours: LedgerHours;
  readonly #agents: KnownAgents;

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
    const saved = this.#agents.get(agent)?.get(epoch);
    return saved !== undefined && contains(saved.state.stored, seq);
  }

  recordStored(batches: Parameters<Ledger['recordStored']>[0], nowMs: number): Recorded {
    const changes = new Changes(this.#agents, nowMs);
    const newlyLost: number[] = [];
    for (const batch of batches) {
      const before = changes.stateOf(batch.agent, batch.epoch);
      if (contains(before.stored, batch.seq)) continue;
      const after = addStored(before, batch, nowMs);
      changes.set(batch.agent, batch.epoch, after);
      this.#hours.add(batch, after.lostPoints - before.lostPoints, nowMs);
      if (batch.losses.length === 0) continue;
      // The batch itself may have been declared lost.
      const found = contains(before.declaredLost, batch.seq) ? 1 : 0;
      newlyLost.push(countDeclaredLost(after) - countDeclaredLost(before) + found);
    }
    return { missing: this.#commit(changes, nowMs), newlyLost };
  }

  recordLost(declarations: Parameters<Ledger['recordLost']>[0], nowMs: number): Recorded {
    const changes = new Changes(this.#agents, nowMs);
    const newlyLost: number[] = [];
    for (const { agent, epoch, losses } of declarations) {
      const before = changes.stateOf(agent, epoch);
      const after = addLosses(before, losses);
      if (after === before) continue;
      changes.set(agent, epoch, after);
      this.#hours.addLost(agent, after.lostPoints - before.lostPoints, nowMs);
      newlyLost.push(countDeclaredLost(after) - countDeclaredLost(before));
    }
    return { missing: this.#commit(changes, nowMs), newlyLost };
  }

  recordStoreLosses(held: readonly HeldBatches[], nowMs: number): readonly StoreLoss[] {
    const heldByKey = new Map(held.map((each) => [`${each.agent} ${each.epoch}`, each]));
    const changes = new Changes(this.#agents, nowMs);
    const losses: StoreLoss[] = [];
    for (const [agent, epochs] of this.#agents) {
      for (const [epoch, { state: before }] of epochs) {
        // The store names what it holds by its own epochs; of the forgotten ones it is not known which batches those were.
        if (epoch === OLDER) continue;
        const { ranges, points, newestMs } = heldByKey.get(`${agent} ${epoch}`) ?? NOTHING;
        const after = loseStored(before, { ranges, points }, nowMs);
        if (after === before) continue;
        changes.set(agent, epoch, after);
        const lostPoints = before.storedPoints - after.storedPoints;
        this.#hours.addLost(agent, lostPoints, nowMs);
        losses.push({
          agent,
          epoch,
          ranges: subtract(before.stored, after.stored),
          points: lostPoints,
          fromMs: newestMs,
          toMs: before.lastStoredAtMs ?? newestMs,
        });
      }
    }
    if (losses.length > 0) this.#commit(changes, nowMs);
    return losses;
  }

  storeLostBatches(sinceMs: number): number {
    let count = 0;
    for (const epochs of this.#agents.values()) {
      for (const { state } of epochs.values()) {
        if (state.storeLostAtMs !== undefined && state.storeLostAtMs >= sinceMs)
          count += countIn(state.storeLost);
      }
    }
    return count;
  }

  stored(): readonly HeldBatches[] {
    return [...this.#agents].flatMap(([agent, epochs]) =>
      [...epochs].map(([epoch, { state }]) => ({
        agent,
        epoch,
        ranges:
          state.foldedStored > 0 ? [[1, state.foldedBelow - 1] as const, ...state.stored] : state.stored,
        points: state.storedPoints,
        newestMs: state.lastStoredAtMs ?? 0,
      })),
    );
  }

  get storeKind(): string | undefined {
    const row = this.#database.prepare('SELECT kind FROM ledger_store').get();
    return row === undefined ? undefined : String(row['kind']);
  }

  recordStoreKind(kind: string): void {
    this.#database.transaction(() => {
      this.#database.prepare('DELETE FROM ledger_store').run();
      this.#database.prepare('INSERT INTO ledger_store (kind) VALUES (?)').run(kind);
    });
  }

  recordLowest(agent: string, epoch: string, lowest: number, nowMs: number): readonly NewlyMissing[] {
    const changes = new Changes(this.#agents, nowMs);
    const before = changes.stateOf(agent, epoch);
    const after = raiseLowest(before, lowest);
    if (after === before) return [];
    changes.set(agent, epoch, after);
    return this.#commit(changes, nowMs);
  }

  entries(agent?: string): readonly LedgerEntry[] {
    return this.#epochsOf(agent).flatMap(([name, epochs]) =>
      [...epochs].map(([epoch, { state }]) => toEntry(name, epoch, state)),
    );
  }

  completenessOf(agent: string): number | undefined {
    const epochs = this.#agents.get(agent);
    return epochs && completenessOf(statesOf(epochs));
  }

  completeness(): CityCompleteness {
    return cityCompleteness(
      [...this.#agents].map(([agent, epochs]) => [agent, countBatches(statesOf(epochs))]),
    );
  }

  hours(query: LedgerHoursQuery): readonly LedgerHour[] {
    return this.#hours.read(query);
  }

  totals(agents: readonly string[], fromMs: number, toMs: number): ReadonlyMap<string, LedgerTotals> {
    return this.#hours.totals(agents, fromMs, toMs);
  }

  openBatches(agent: string): OpenBatches {
    let [missing, awaited] = [0, 0];
    for (const { state } of this.#agents.get(agent)?.values() ?? []) {
      missing += countIn(missingIn(state));
      awaited += countIn(awaitedIn(state));
    }
    return { missing, awaited };
  }

  #epochsOf(agent: string | undefined): (readonly [agent: string, epochs: Epochs])[] {
    if (agent === undefined) return [...this.#agents];
    const epochs = this.#agents.get(agent);
    return epochs === undefined ? [] : [[agent, epochs]];
  }

  /** Memory follows the disk: when the transaction fails, nothing was recorded anywhere. */
  #commit(changes: Changes, nowMs: number): readonly NewlyMissing[] {
    try {
      this.#database.transaction(() => {
        changes.write(this.#statements);
        this.#hours.flush(nowMs);
      });
    } catch (error) {
      this.#hours.discard();
      throw error;
    }
    const newlyMissing = changes.newlyMissing();
    changes.apply();
    return newlyMissing;
  }
}

/** The changes of one transaction, kept apart from what is known until they are durable. */
class Changes {
  readonly #known: KnownAgents;
  readonly #nowMs: number;
  /** By agent and epoch; undefined: it is forgotten. */
  readonly #changed = new Map<string, Map<string, SavedState | undefined>>();

  constructor(known: KnownAgents, nowMs: number) {
    this.#known = known;
    this.#nowMs = nowMs;
  }

  stateOf(agent: string, epoch: string): LedgerEntryState {
    const changed = this.#changed.get(agent);
    const saved = changed?.has(epoch) === true ? changed.get(epoch) : this.#known.get(agent)?.get(epoch);
    return saved?.state ?? EMPTY_STATE;
  }

  set(agent: string, epoch: string, state: LedgerEntryState): void {
    let changed = this.#changed.get(agent);
    if (changed === undefined) {
      changed = new Map<string, SavedState | undefined>();
      this.#changed.set(agent, changed);
    }
    changed.set(epoch, { state, updatedAtMs: this.#nowMs });
    const atMost = changed.size + (this.#known.get(agent)?.size ?? 0);
    if (atMost > MAX_EPOCHS_PER_AGENT) this.#foldOldest(agent, epoch, changed);
  }

  write({ upsert, remove }: Statements): void {
    const rows: (readonly [agent: string, epoch: string, book: string])[] = [];
    for (const { agent, epoch, saved } of this.#each()) {
      if (saved === undefined) remove.run(agent, epoch);
      else rows.push([agent, epoch, JSON.stringify(saved.state)]);
    }
    if (rows.length > 0) upsert.run(JSON.stringify(rows), this.#nowMs);
  }

  newlyMissing(): readonly NewlyMissing[] {
    const found: NewlyMissing[] = [];
    for (const { agent, epoch, saved } of this.#each()) {
      if (saved === undefined || epoch === OLDER) continue;
      const before = this.#known.get(agent)?.get(epoch)?.state;
      const ranges = this.#missingSince(before, saved.state);
      if (ranges.length > 0) found.push({ agent, epoch, ranges, firstContact: before === undefined });
    }
    return found;
  }

  /** They are durable: what is known follows, in place, as a copy for each batch would be the work of the garbage collector. */
  apply(): void {
    for (const { agent, epoch, saved } of this.#each()) {
      let epochs = this.#known.get(agent);
      if (epochs === undefined) {
        epochs = new Map<string, SavedState>();
        this.#known.set(agent, epochs);
      }
      if (saved === undefined) epochs.delete(epoch);
      else epochs.set(epoch, saved);
    }
  }

  *#each(): Iterable<{
    readonly agent: string;
    readonly epoch: string;
    readonly saved: SavedState | undefined;
  }> {
    for (const [agent, epochs] of this.#changed)
      for (const [epoch, saved] of epochs) yield { agent, epoch, saved };
  }

  #missingSince(before: LedgerEntryState | undefined, after: LedgerEntryState): Ranges {
    if (before?.lowest === after.lowest) return [];
    return subtract(missingIn(after), before === undefined ? [] : missingIn(before));
  }

  /** Nothing of what was stored and lost leaves the count. */
  #foldOldest(agent: string, kept: string, changed: Map<string, SavedState | undefined>): void {
    const epochs = new Map<string, SavedState | undefined>([...(this.#known.get(agent) ?? []), ...changed]);
    let count = 0;
    let oldest: readonly [epoch: string, saved: SavedState] | undefined;
    for (const [epoch, saved] of epochs) {
      if (saved === undefined || epoch === OLDER) continue;
      count++;
      if (epoch === kept) continue;
      if (oldest === undefined || saved.updatedAtMs < oldest[1].updatedAtMs) oldest = [epoch, saved];
    }
    if (oldest === undefined || count <= MAX_EPOCHS_PER_AGENT) return;
    const [epoch, { state }] = oldest;
    const older = addOlder(epochs.get(OLDER)?.state ?? EMPTY_STATE, state);
    changed.set(epoch, undefined);
    changed.set(OLDER, { state: older, updatedAtMs: this.#nowMs });
  }
}

function loadAgents(database: StateDatabase): KnownAgents {
  const agents: KnownAgents = new Map();
  for (const row of database.prepare('SELECT agent, epoch, book, updated_at_ms FROM ledger_entry').all()) {
    const agent = String(row['agent']);
    const epochs = agents.get(agent) ?? new Map<string, SavedState>();
    epochs.set(String(row['epoch']), { state: readState(row), updatedAtMs: Number(row['updated_at_ms']) });
    agents.set(agent, epochs);
  }
  return agents;
}

/** JSON leaves out what is undefined; everything else comes back as it was. */
function readState(row: SqlRow): LedgerEntryState {
  return { ...EMPTY_STATE, ...(JSON.parse(String(row['book'])) as Partial<LedgerEntryState>) };
}
