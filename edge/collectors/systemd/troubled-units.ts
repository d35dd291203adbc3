/** A unit is reported for this long after it has recovered, so that its alert can resolve. */
const KEPT_MS = 24 * 3_600_000;
export const MAX_TROUBLED_UNITS = 64;

/** Names of units that failed or restarted recently, by when they last did (Unix ms). Pure. */
export class TroubledUnits {
  readonly #lastAtMs: Map<string, number>;

  constructor(names: readonly string[] = [], nowMs = 0) {
    this.#lastAtMs = new Map(names.map((name) => [name, nowMs]));
  }

  /** Adds the units that have failed or restarted now; returns how many did not fit. The one longest recovered is dropped first. */
  update(names: readonly string[], nowMs: number): number {
    // New ones first, so that they are the ones that do not fit, and the reported units stay the same.
    const isKnown = (name: string): boolean => this.#lastAtMs.has(name);
    for (const name of [...names.filter((name) => !isKnown(name)), ...names.filter(isKnown)]) {
      this.#lastAtMs.delete(name);
      this.#lastAtMs.set(name, nowMs);
    }
    for (const [name, lastAtMs] of this.#lastAtMs) {
      // Absolute, so that entries expire after the clock was set back too.
      if (Math.abs(nowMs - lastAtMs) > KEPT_MS) this.#lastAtMs.delete(name);
    }
    let dropped = 0;
    for (const [name, lastAtMs] of this.#lastAtMs) {
      if (this.#lastAtMs.size <= MAX_TROUBLED_UNITS) break;
      this.#lastAtMs.delete(name);
      if (lastAtMs === nowMs) dropped++;
    }
    return dropped;
  }

  get names(): readonly string[] {
    return [...this.#lastAtMs.keys()];
  }
}
