/** Reasons contain what senders sent: no more than this many different ones are kept apart. */
const MAX_REASONS = 100;
const OTHER = 'refused for other reasons';

/** Counts what was refused, by reason. */
export class RefusalCounts {
  readonly #counts = new Map<string, number>();

  add(reason: string, count = 1): void {
    const known = this.#counts.has(reason) || this.#counts.size < MAX_REASONS ? reason : OTHER;
    this.#counts.set(known, (this.#counts.get(known) ?? 0) + count);
  }

  /** The most frequent reasons since the last call, each with its count. */
  takeMostFrequent(atMost: number): readonly string[] {
    const sorted = [...this.#counts].sort(([, a], [, b]) => b - a);
    this.#counts.clear();
    const rest = sorted.slice(atMost).reduce((sum, [, count]) => sum + count, 0);
    const listed = sorted.slice(0, atMost).map(([reason, count]) => `${count} × ${reason}`);
    return rest === 0 ? listed : [...listed, `${rest} × ${OTHER}`];
  }
}
