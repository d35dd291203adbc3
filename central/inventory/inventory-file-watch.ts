import { statSync } from 'node:fs';
import { messageOf, UserError } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { loadInventory } from './inventory.ts';
import type { ManagedInventory } from './managed-inventory.ts';

/** A file, and what it was when it was last read. */
export interface ReadFile {
  readonly file: string;
  readonly standing: string;
}

export interface InventoryFileWatchDeps extends ReadFile {
  readonly inventory: Pick<ManagedInventory, 'replace'>;
  readonly log: Logger;
}

/**
 * Keeps the inventory as its file has it. A file that cannot be used changes nothing: what was in force stays, and `problems`
 * says why.
 */
export class InventoryFileWatch {
  readonly #deps: InventoryFileWatchDeps;
  /** What was last seen of the file, and what was last read. */
  #seen: string;
  #read: string;
  #problems: readonly string[] = [];

  constructor(deps: InventoryFileWatchDeps) {
    this.#deps = deps;
    this.#seen = deps.standing;
    this.#read = deps.standing;
  }

  /** Why the file as it is now is not in force; empty: it is. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** Call it every few seconds: a file is read once it did not change from one call to the next, so never half written. */
  check(): void {
    const now = fileStanding(this.#deps.file);
    const isSettled = now === this.#seen;
    this.#seen = now;
    if (isSettled && now !== this.#read) this.reread();
  }

  /** At once, changed or not. */
  reread(): void {
    const { file, inventory, log } = this.#deps;
    this.#read = fileStanding(file);
    try {
      const { changes, revision } = inventory.replace(loadInventory(file), { actor: `file ${file}` });
      log.info({ file, changes: changes.length, revision }, 'the inventory file was read again');
      this.#problems = [];
    } catch (error) {
      this.#problems = error instanceof UserError ? error.problems : [messageOf(error)];
      const shown = this.#problems.slice(0, MAX_LOGGED_PROBLEMS);
      log.error(
        { file, count: this.#problems.length, problems: shown },
        'the inventory file cannot be used; the inventory stays as it was',
      );
    }
  }
}

const MAX_LOGGED_PROBLEMS = 20;

/** A text that differs once the file was written, replaced or removed. */
export function fileStanding(file: string): string {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? 'none' : `${found.ino} ${found.size} ${found.mtimeNs}`;
}
