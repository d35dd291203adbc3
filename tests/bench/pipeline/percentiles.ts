/** Quantiles (nearest rank) of the newest 200,000 values at most. */
export class Percentiles {
  readonly #values: number[] = [];

  add(value: number): void {
    if (this.#values.length >= 200_000) this.#values.splice(0, 100_000);
    this.#values.push(value);
  }

  quantile(ratio: number): number {
    if (this.#values.length === 0) return 0;
    const sorted = [...this.#values].sort((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(ratio * sorted.length) - 1)] ?? 0;
  }
}
