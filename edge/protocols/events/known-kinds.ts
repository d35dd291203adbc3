import { MAX_CRITICAL_KINDS, MAX_KINDS } from './event-limits.ts';

/** A kind that did not come for so long makes room for another: each is a series at central. */
const FORGET_AFTER_MS = 12 * 3_600_000;

/** The different kinds of messages of one sender, within bounds. Times never jump. */
export class KnownKinds {
  /** When each came last; the one that is longest ago first. */
  readonly #lastMs = new Map<string, number>();

  /** False: it is new, and there is no room for it. */
  admit(kind: string, isCritical: boolean, nowMs: number): boolean {
    const maxKinds = MAX_KINDS + (isCritical ? MAX_CRITICAL_KINDS : 0);
    const isKnown = this.#lastMs.delete(kind);
    if (!isKnown && this.#lastMs.size >= maxKinds) this.#forgetOldest(nowMs);
    if (!isKnown && this.#lastMs.size >= maxKinds) return false;
    this.#lastMs.set(kind, nowMs);
    return true;
  }

  #forgetOldest(nowMs: number): void {
    const [oldest] = this.#lastMs;
    if (oldest !== undefined && nowMs - oldest[1] >= FORGET_AFTER_MS) this.#lastMs.delete(oldest[0]);
  }
}
