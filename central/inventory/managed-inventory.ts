import { emptyInventoryFile, type InventoryFile } from '../../contract/inventory.ts';
import { checkConfig } from '../../runtime/config.ts';
import type { Clock } from '../../runtime/clock.ts';
import { UserError } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { StateDatabase } from '../state/database.ts';
import { changesBetween, type EntryChange } from './changes.ts';
import { describeChanges } from './describe-changes.ts';
import {
  openInventoryRepository,
  type ChangeFilter,
  type EntryStanding,
  type InventoryRepository,
  type RecordedChange,
} from './inventory-repository.ts';
import { problemsOf, type Given } from './given.ts';
import { indexInventory, listsOf, type Inventory } from './inventory.ts';
import { idOf, schemaOf, type Entry, type EntryOf, type Kind } from './kinds.ts';
import { InventoryInFileError, InventoryMovedError, InventoryRefusedError } from './inventory-error.ts';
import { LiveInventory } from './live-inventory.ts';
import { mergeLists } from './merge.ts';

/** Who changes it, and from where. */
export interface Author {
  readonly actor: string;
  readonly from?: string;
}

export interface StoredEntry extends EntryStanding {
  readonly kind: Kind;
  readonly id: string;
  readonly entry: Entry;
}

export interface ImportOptions {
  /** What a given list lacks is removed. */
  readonly prune: boolean;
  /** Only says what it would do. */
  readonly dryRun: boolean;
  /** Of the whole inventory, as the caller has seen it. */
  readonly expectedRevision?: number | undefined;
}

export interface Imported {
  /** Of the whole inventory, afterwards. */
  readonly revision: number;
  readonly changes: readonly EntryChange[];
}

export interface ManagedInventoryDeps {
  readonly database: StateDatabase;
  readonly audit: {
    append(entry: {
      readonly atMs: number;
      readonly actor: string;
      readonly action: string;
      readonly target: string;
      readonly from?: string;
    }): void;
  };
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
  /** Of whoever listens to `live`: a bug, which the change outlives. */
  readonly onInternalError: (error: unknown) => void;
  /** Whose content the inventory has: only `replace` may change it then. */
  readonly file?: string | undefined;
}

/**
 * The one place that changes the inventory. A change is checked as a whole, written in one transaction with its history and its
 * audit entry, and only then in force: whoever listens to `live` is told.
 */
export class ManagedInventory {
  readonly live: LiveInventory;
  /** Whose content it has; undefined: it is changed here. */
  readonly file: string | undefined;
  readonly #deps: ManagedInventoryDeps;
  readonly #repository: InventoryRepository;

  /** With what was in force last. */
  constructor(deps: ManagedInventoryDeps) {
    this.#deps = deps;
    this.file = deps.file;
    this.#repository = openInventoryRepository(deps.database, deps.log);
    this.live = new LiveInventory(indexInventory(this.#repository.load()));
  }

  /** Of the whole; grows with each change. */
  get revision(): number {
    return this.#repository.revision();
  }

  find(kind: Kind, id: string): StoredEntry | undefined {
    const entry = entryIn(this.live, kind, id);
    const standing = entry === undefined ? undefined : this.#repository.standingOf(kind, id);
    return entry === undefined || standing === undefined ? undefined : { kind, id, entry, ...standing };
  }

  /**
   * `expectedRevision`: of the entry, as the caller has seen it; 0: there is none. Throws an InventoryRefusedError,
   * InventoryMovedError or InventoryInFileError.
   */
  put(
    kind: Kind,
    id: string,
    value: unknown,
    { expectedRevision, ...author }: Author & { readonly expectedRevision: number },
  ): StoredEntry {
    this.#assertOurs();
    const entry = refusing(() => checkedEntry(kind, id, value));
    const before = this.#entryOf(kind, id, expectedRevision);
    const [change] = changesBetween(listOf(kind, before), listOf(kind, entry));
    if (change !== undefined) {
      const given = { ...NOTHING, lists: { [kind]: [entry] }, placeOf: byPath(kind, id) };
      const whole = mergeLists(this.#lists(), given.lists, false);
      this.#write(checked(given, whole), [change], 'put', author);
    }
    const stored = this.find(kind, id);
    if (stored === undefined) throw new Error(`${kind}/${id} was not written`);
    return stored;
  }

  /** As `put`; it may not be named by others. */
  remove(
    kind: Kind,
    id: string,
    { expectedRevision, ...author }: Author & { readonly expectedRevision: number },
  ): void {
    this.#assertOurs();
    const before = this.#entryOf(kind, id, expectedRevision);
    if (before === undefined) return;
    const lists = this.#lists();
    const rest = { ...lists, [kind]: (lists[kind] as readonly Entry[]).filter((entry) => entry !== before) };
    this.#write(checked(NOTHING, rest), [{ kind, id, before }], 'remove', author);
  }

  /** Some lists at once, or nothing. Throws as `put`. */
  import(given: Given, options: ImportOptions, author: Author): Imported {
    const { prune, dryRun, expectedRevision } = options;
    if (!dryRun) this.#assertOurs();
    const { revision } = this;
    if (expectedRevision !== undefined && expectedRevision !== revision) {
      const now = `the inventory is at revision ${revision}`;
      throw new InventoryMovedError(`${now}, not ${expectedRevision}: look at the difference again`);
    }
    const lists = this.#lists();
    const merged = mergeLists(lists, given.lists, prune);
    const next = checked(given, merged);
    const changes = changesBetween(lists, merged);
    if (!dryRun && changes.length > 0) this.#write(next, changes, 'import', author);
    return { revision: this.revision, changes };
  }

  /** The whole, from a source that was checked. */
  replace(inventory: Inventory, author: Author): Imported {
    const changes = changesBetween(this.#lists(), listsOf(inventory));
    if (changes.length > 0) this.#write(inventory, changes, 'replace', author);
    return { revision: this.revision, changes };
  }

  changes(filter: ChangeFilter): readonly RecordedChange[] {
    return this.#repository.changes(filter);
  }

  #lists(): InventoryFile {
    return listsOf(this.live);
  }

  #assertOurs(): void {
    if (this.file === undefined) return;
    const reason = `the inventory is that of ${this.file} (inventoryFile in central.yaml)`;
    throw new InventoryInFileError(`${reason}: change it there, central reads it again by itself`);
  }

  #entryOf(kind: Kind, id: string, expectedRevision: number): Entry | undefined {
    const found = this.find(kind, id);
    const revision = found?.revision ?? 0;
    if (revision === expectedRevision) return found?.entry;
    const now = found === undefined ? 'does not exist' : `is at revision ${revision}, by ${found.changedBy}`;
    throw new InventoryMovedError(`${kind}/${id} ${now}; expectedRevision was ${expectedRevision}`);
  }

  #write(
    next: Inventory,
    changes: readonly EntryChange[],
    action: 'put' | 'remove' | 'import' | 'replace',
    { actor, from }: Author,
  ): void {
    const { database, audit, clock } = this.#deps;
    const atMs = clock.now();
    database.transaction(() => {
      const revision = this.revision + 1;
      this.#repository.write(changes, { revision, changedAtMs: atMs, changedBy: actor });
      const target = `revision ${revision}: ${describeChanges(changes)}`;
      audit.append({
        atMs,
        actor,
        action: `inventory.${action}`,
        target,
        ...(from !== undefined && { from }),
      });
    });
    // It is committed: a caller who is told otherwise would do it again.
    try {
      this.live.replace(next);
    } catch (error) {
      this.#deps.onInternalError(error);
    }
  }
}

function checkedEntry<K extends Kind>(kind: K, id: string, value: unknown): EntryOf<K> {
  const source = `${kind}/${id}`;
  const entry = checkConfig(source, value, schemaOf(kind));
  const own = idOf(kind, entry);
  if (own !== id) throw new InventoryRefusedError([`${source}: the entry is ${kind}/${own}`]);
  return entry;
}

function entryIn(inventory: Inventory, kind: Kind, id: string): Entry | undefined {
  const entries: ReadonlyMap<string, Entry> | readonly Entry[] = inventory[kind];
  return 'get' in entries ? entries.get(id) : entries.find((entry) => idOf(kind, entry) === id);
}

function listOf(kind: Kind, entry: Entry | undefined): InventoryFile {
  return { ...emptyInventoryFile(), [kind]: entry === undefined ? [] : [entry] };
}

const NOTHING: Given = { lists: {}, source: '', placeOf: () => '', problems: [], unread: new Set() };

function byPath(kind: Kind, id: string): Given['placeOf'] {
  return (_kind, _at, field) => [`${kind}/${id}`, field ?? []].flat().join(': ');
}

function checked(given: Given, whole: InventoryFile): Inventory {
  const problems = problemsOf(given, whole);
  if (problems.length > 0) throw new InventoryRefusedError(problems);
  return indexInventory(whole);
}

function refusing<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof UserError) throw new InventoryRefusedError(error.problems);
    throw error;
  }
}
