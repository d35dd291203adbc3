import { join } from 'node:path';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { CURSOR_FILE, encodeCursor, type Cursor } from './cursor.ts';
import { replaceFile, type Disk } from './disk.ts';
import type { Serial } from './serial.ts';

const SAVE_INTERVAL_MS = 500;

export interface CursorKeeperDeps {
  readonly disk: Disk;
  readonly directory: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Saves and commits run one at a time. */
  readonly serial: Serial;
  snapshot(): Cursor;
}

/** Saves the cursor at most every 500 ms; no timer runs while nothing has changed. */
export class CursorKeeper {
  readonly #deps: CursorKeeperDeps;
  readonly #closing = new AbortController();
  #timer: Promise<void> | undefined;
  #isFailing = false;

  constructor(deps: CursorKeeperDeps) {
    this.#deps = deps;
  }

  /** The last save failed; to be repeated once the disk accepts data again. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  saveSoon(): void {
    if (this.#closing.signal.aborted) return;
    this.#timer ??= this.#saveLater();
  }

  /** Only from within a task of `serial`. Never rejects: a stale cursor costs resends only. */
  async saveNow(options: { readonly sync: boolean }): Promise<void> {
    const { disk, directory, log } = this.#deps;
    const file = join(directory, CURSOR_FILE);
    try {
      await replaceFile(disk, file, encodeCursor(this.#deps.snapshot()), options.sync);
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) log.warn({ file, err: error }, 'queue cursor cannot be saved');
      this.#isFailing = true;
      await disk.remove(`${file}.tmp`).catch(() => undefined);
    }
  }

  /** Stops the timer; the caller does the last save. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#timer;
  }

  async #saveLater(): Promise<void> {
    try {
      await this.#deps.clock.sleep(SAVE_INTERVAL_MS, this.#closing.signal);
    } catch {
      return;
    }
    // Changes from here on need another save.
    this.#timer = undefined;
    await this.#deps.serial.run(() => this.saveNow({ sync: false }));
  }
}
