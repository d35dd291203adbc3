/** How often each level was measured, in steps of 1 dB: as many steps as a level can have, however many samples there are. */
export class LevelCounts {
  readonly #counts = new Map<number, number>();

  /** Counts nothing where `level` is no number. */
  add(level: unknown): void {
    if (typeof level !== 'number' || !Number.isFinite(level)) return;
    const step = Math.round(level);
    this.#counts.set(step, (this.#counts.get(step) ?? 0) + 1);
  }

  /** To 1 dB. Of an even number the lower of the two in the middle, so that it was measured; undefined: nothing was. */
  get median(): number | undefined {
    const steps = [...this.#counts].sort(([a], [b]) => a - b);
    const half = steps.reduce((sum, [, count]) => sum + count, 0) / 2;
    let below = 0;
    return steps.find(([, count]) => (below += count) >= half)?.[0];
  }
}
