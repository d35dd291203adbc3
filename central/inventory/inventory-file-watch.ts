import type { Clock } from '../../runtime/clock.ts';
import { codeOf, EXIT, messageOf, UserError } from '../../runtime/errors.ts';
import { fileStanding } from '../../runtime/file-standing.ts';
import type { Logger } from '../../runtime/logger.ts';
import { SettledChange } from '../../runtime/settled-change.ts';
import { listsOf, loadInventory, type Inventory } from './inventory.ts';
import { largeRemovals } from './large-removals.ts';
import type { ManagedInventory } from './managed-inventory.ts';

/** A file, and what it was when it was last read. */
export interface ReadFile {
  readonly file: string;
  readonly standing: string;
}

export interface InventoryFileWatchDeps extends ReadFile {
  readonly inventory: Pick<ManagedInventory, 'replace'> & { readonly live: Inventory };
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Logger;
}

const MAX_LOGGED_PROBLEMS = 20;
/** To read a large file takes a second, in which nothing else happens. */
const RETRY_MS = 60_000;

/**
 * Keeps the inventory as its file has it. A file that cannot be used changes nothing: what was in force stays, and `problems`
 * says why.
 */
export class InventoryFileWatch {
  readonly #deps: InventoryFileWatchDeps;
  readonly #change: SettledChange;
  #problems: readonly string[] = [];

  constructor(deps: InventoryFileWatchDeps) {
    this.#deps = deps;
    this.#change = new SettledChange(deps.standing, RETRY_MS);
  }

  /** Why the file as it is now is not in force; empty: it is. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /**
   * Call it every few seconds: a file is read once it did not change from one call to the next. A slow copy may pause for longer,
   * and a full disk end it: what takes away a large part of a list is left for `reread`.
   */
  check(): void {
    const now = fileStanding(this.#deps.file);
    const isDue = this.#change.isDue(now, this.#deps.clock.monotonicMs());
    if (isDue) this.#takeOver((next) => this.#assertFewRemoved(next));
  }

  /** At once, changed or not, whatever it takes away: somebody asked for it. */
  reread(): void {
    this.#takeOver(() => undefined);
  }

  /** `assertWanted` throws a UserError. */
  #takeOver(assertWanted: (next: Inventory) => void): void {
    const { file, inventory, log } = this.#deps;
    this.#change.noteRead(fileStanding(file));
    let next: Inventory;
    try {
      next = loadInventory(file);
      assertWanted(next);
    } catch (error) {
      // What cannot be read at all may be readable later without a trace: after a chmod, or once there are files to open again.
      const isUnread = error instanceof UserError && codeOf(error.cause) !== undefined;
      const problems = error instanceof UserError ? error.problems : [`${file}: ${messageOf(error)}`];
      this.#refuse(problems, isUnread, 'the inventory file cannot be used; the inventory stays as it was');
      return;
    }
    try {
      const { changes, revision } = inventory.replace(next, { actor: `file ${file}` });
      log.info({ file, changes: changes.length, revision }, 'the inventory file was read again');
      this.#problems = [];
    } catch (error) {
      const problem = `${file}: is valid, but state.db did not take it: ${messageOf(error)}`;
      this.#refuse([problem], true, 'the inventory file is good, the database did not take it: tried again');
    }
  }

  #refuse(problems: readonly string[], isRetried: boolean, message: string): void {
    const { file, clock, log } = this.#deps;
    if (isRetried) this.#change.retryLater(clock.monotonicMs());
    this.#problems = problems;
    const shown = problems.slice(0, MAX_LOGGED_PROBLEMS);
    log.error({ file, count: problems.length, problems: shown }, message);
  }

  #assertFewRemoved(next: Inventory): void {
    const { file, inventory } = this.#deps;
    const removals = largeRemovals(listsOf(inventory.live), listsOf(next));
    if (removals.length === 0) return;
    const problems = removals.map(
      ({ kind, removed, of }) =>
        `${file}: removes ${removed} of ${of} ${kind}, as a file that was cut short would; if that is wanted, send SIGHUP to central`,
    );
    throw new UserError(EXIT.badConfig, problems);
  }
}
