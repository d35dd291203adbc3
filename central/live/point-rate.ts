const WINDOW_S = 10;

/** Points per second over the last ten seconds, from a counter. Call `sample` each second. */
export class PointRate {
  readonly #counts: number[] = [];

  sample(count: number): void {
    this.#counts.push(count);
    if (this.#counts.length > WINDOW_S + 1) this.#counts.shift();
  }

  perS(): number {
    const [first] = this.#counts;
    const last = this.#counts.at(-1);
    if (first === undefined || last === undefined || this.#counts.length < 2) return 0;
    return (last - first) / (this.#counts.length - 1);
  }
}
