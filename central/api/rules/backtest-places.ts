/** Backtests that run, in all and of each token: they share one event loop with everything else. */
export class BacktestPlaces {
  readonly #most: number;
  readonly #taken = new Set<string>();

  constructor(most: number) {
    this.#most = most;
  }

  /** A function that gives the place back, or what is in the way. */
  take(token: string): (() => void) | string {
    if (this.#taken.has(token)) return 'this token runs a backtest already';
    if (this.#taken.size >= this.#most) return `${this.#most} backtests run already`;
    this.#taken.add(token);
    let isTaken = true;
    return () => {
      if (isTaken) this.#taken.delete(token);
      isTaken = false;
    };
  }
}
