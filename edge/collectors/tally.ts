/** Reasons are made of what strangers send: no more than this many different ones are told apart. */
const MAX_REASONS = 100;
const OTHER = 'refused for other reasons';

/** Counts what was refused, by reason. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(reason: string, count = 1): void {
    const known = this.#counts.has(reason) || this.#counts.size < MAX_REASONS ? reason : OTHER;
    this.#counts.set(known, (this.#counts.get(known) ?? 0) + count);
  }

  /** The most frequent reasons since the last call, in words. */
  take(atMost: number): readonly string[] {
    const sorted = [...this.#counts].sort(([, a], [, b]) => b - a);
    this.#counts.clear();
    const rest = sorted.slice(atMost).reduce((sum, [, count]) => sum + count, 0);
    const told = sorted.slice(0, atMost).map(([reason, count]) => `${count} × ${reason}`);
    return rest === 0 ? told : [...told, `${rest} × ${OTHER}`];
  }
}
