import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../runtime/clock.ts';

export interface GroupCommitDeps<Item> {
  readonly clock: Clock;
  /** How long the first item waits for others. */
  readonly delayMs: number;
  readonly maxItems: number;
  readonly maxBytes: number;
  /** Must not reject. May be called without items after request(). */
  commit(items: readonly Item[]): Promise<void>;
  /** Called when nothing waits any more. Must not reject. */
  idle(): Promise<void>;
}

/** Collects items and commits them in groups, one group at a time; no timer runs while nothing waits. */
export class GroupCommit<Item> {
  readonly #deps: GroupCommitDeps<Item>;
  #waiting: { readonly item: Item; readonly bytes: number }[] = [];
  #waitingBytes = 0;
  #isRequested = false;
  #isClosing = false;
  #delayAbort: AbortController | undefined;
  #loop: Promise<void> | undefined;

  constructor(deps: GroupCommitDeps<Item>) {
    this.#deps = deps;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  add(item: Item, bytes: number): void {
    this.#waiting.push({ item, bytes });
    this.#waitingBytes += bytes;
    this.#start();
  }

  /** Commits soon, even without items. */
  request(): void {
    this.#isRequested = true;
    this.#start();
  }

  /** Resolves when all that waited is committed. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#delayAbort?.abort();
    await this.#loop;
  }

  #start(): void {
    if (this.#isDue()) this.#delayAbort?.abort();
    this.#loop ??= this.#run();
  }

  async #run(): Promise<void> {
    while (this.#hasWork()) {
      if (!this.#isDue()) await this.#delay();
      this.#isRequested = false;
      await this.#deps.commit(this.#take());
      // Callers that awaited this commit may append again before the queue counts as idle.
      await setImmediate();
      if (!this.#hasWork()) await this.#deps.idle();
    }
    this.#loop = undefined;
  }

  #hasWork(): boolean {
    return this.#isRequested || this.#waiting.length > 0;
  }

  #isDue(): boolean {
    return (
      this.#isClosing ||
      this.#waiting.length >= this.#deps.maxItems ||
      this.#waitingBytes >= this.#deps.maxBytes
    );
  }

  async #delay(): Promise<void> {
    const abort = new AbortController();
    this.#delayAbort = abort;
    await this.#deps.clock.sleep(this.#deps.delayMs, abort.signal).catch(() => undefined);
    this.#delayAbort = undefined;
  }

  #take(): readonly Item[] {
    let bytes = 0;
    let count = 0;
    for (const entry of this.#waiting) {
      if (count > 0 && (count >= this.#deps.maxItems || bytes + entry.bytes > this.#deps.maxBytes)) break;
      bytes += entry.bytes;
      count++;
    }
    this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, count).map((entry) => entry.item);
  }
}
