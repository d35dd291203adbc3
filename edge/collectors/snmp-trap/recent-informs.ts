/** A sender waits for some seconds, some tens at most, before it sends an inform again. */
const REPEATED_WITHIN_MS = 60_000;
/** More than all senders of a collector together may send in that time. */
const MAX_INFORMS = 8_192;

/** Informs that were taken: the same one again means that its answer was late or lost. Times never jump. */
export class RecentInforms {
  /** When each came last; the one that is longest ago first. */
  readonly #lastMs = new Map<string, number>();
  /** Since the last takeNew(). */
  #new: string[] = [];

  /** True: it was taken already. `id`: the same for the same inform of the same sender. */
  isRepeated(id: string, nowMs: number): boolean {
    const beforeMs = this.#lastMs.get(id);
    if (beforeMs === undefined || nowMs - beforeMs > REPEATED_WITHIN_MS) return false;
    this.#set(id, nowMs);
    return true;
  }

  note(id: string, nowMs: number): void {
    this.#set(id, nowMs);
    this.#new.push(id);
  }

  takeNew(): readonly string[] {
    const taken = this.#new;
    this.#new = [];
    return taken;
  }

  /** What they told was lost: when they are sent again, they are new. */
  forget(ids: readonly string[]): void {
    for (const id of ids) this.#lastMs.delete(id);
  }

  #set(id: string, nowMs: number): void {
    this.#lastMs.delete(id);
    this.#lastMs.set(id, nowMs);
    for (const [oldest, lastMs] of this.#lastMs) {
      if (this.#lastMs.size <= MAX_INFORMS && nowMs - lastMs <= REPEATED_WITHIN_MS) break;
      this.#lastMs.delete(oldest);
    }
  }
}
