import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Part } from '../jobs/part.ts';
import type { StateDatabase } from '../state/database.ts';
import type { Inventory } from './inventory.ts';
import { InventoryFileWatch, type ReadFile } from './inventory-file-watch.ts';
import type { LiveInventory } from './live-inventory.ts';
import { ManagedInventory, type ManagedInventoryDeps } from './managed-inventory.ts';
import { InventorySearch } from './search/inventory-search.ts';

export interface InventoryPartDeps {
  /**
   * In force from the start on; without it, what was in force last. Without `file` it does not replace what somebody
   * else has changed since.
   */
  readonly first: Inventory | undefined;
  /** Where `first` was read from: only this file changes the inventory then. */
  readonly file: ReadFile | undefined;
  readonly database: StateDatabase;
  readonly audit: ManagedInventoryDeps['audit'];
  /** A part of central does not follow the inventory as it is now. */
  readonly countInternalError: () => void;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface SharedInventory {
  readonly inventory: LiveInventory;
  readonly managedInventory: ManagedInventory;
  readonly inventorySearch: InventorySearch;
  /** Why the inventory file as it is now is not in force; empty: it is, or there is none. */
  readonly inventoryFileProblems: () => readonly string[];
  /** Reads the inventory file at once; false: there is none. */
  readonly rereadInventoryFile: () => boolean;
}

const WATCHED_FILE_MS = 2_000;
/** Some milliseconds of each second, until all is prepared: a minute after an import of a whole city. */
const PREPARED_MS = 1_000;
const PREPARED_AT_ONCE = 1_000;
/** Who changes the inventory to `first` without a file. */
const START = 'start';

/** What should exist. */
export function createInventoryPart(deps: InventoryPartDeps): Part<SharedInventory> {
  const { first, file, database, audit, countInternalError, clock, log } = deps;
  const managed = new ManagedInventory({
    database,
    audit,
    clock,
    log,
    onInternalError: (err) => {
      log.error({ err }, 'part of central does not follow the inventory as it is now');
      countInternalError();
    },
    file: file?.file,
  });
  if (first !== undefined) {
    if (file !== undefined) managed.replace(first, { actor: `file ${file.file}` });
    else replaceUnchanged(managed, first, log);
  }
  const watch =
    file === undefined ? undefined : new InventoryFileWatch({ ...file, inventory: managed, clock, log });
  const inventorySearch = new InventorySearch(managed.live);
  return {
    shared: {
      inventory: managed.live,
      managedInventory: managed,
      inventorySearch,
      inventoryFileProblems: () => watch?.problems ?? [],
      rereadInventoryFile: () => {
        watch?.reread();
        return watch !== undefined;
      },
    },
    jobs: [
      { name: 'inventory file', everyMs: WATCHED_FILE_MS, run: () => watch?.check() },
      { name: 'search', everyMs: PREPARED_MS, run: () => inventorySearch.prepare(PREPARED_AT_ONCE) },
    ],
  };
}

/** What somebody imported or changed must outlive a restart. */
function replaceUnchanged(managed: ManagedInventory, first: Inventory, log: Logger): void {
  const [last] = managed.changes({ limit: 1 });
  if (last === undefined || last.actor === START) {
    managed.replace(first, { actor: START });
    return;
  }
  const { revision, actor } = last;
  log.warn(
    { revision, changedBy: actor },
    'the inventory was changed since the first start: it is kept, and not replaced by that of the simulated city',
  );
}
