const BIN_MS = 30_000;
const BINS = 10;

/** How often something happened in the last five minutes, counted in steps of half a minute. Times never jump. */
export class RecentCount {
  readonly #counts: number[] = Array.from({ length: BINS }, () => 0);
  #bin = 0;

  add(nowMs: number): void {
    this.#moveTo(nowMs);
    const at = this.#bin % BINS;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  total(nowMs: number): number {
    this.#moveTo(nowMs);
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  #moveTo(nowMs: number): void {
    const bin = Math.floor(nowMs / BIN_MS);
    for (let each = Math.max(this.#bin + 1, bin - BINS + 1); each <= bin; each++)
      this.#counts[each % BINS] = 0;
    this.#bin = Math.max(this.#bin, bin);
  }
}
