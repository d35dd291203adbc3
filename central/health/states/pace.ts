const REMEMBERED = 4;

/**
 * How often rows of one kind come, from the times at which they were measured. The second longest of the last four gaps: neither one extra
 * row (an agent's restart) nor one long pause changes it, nor do two that take turns unevenly.
 */
export class Pace {
  readonly #gapsMs: number[] = [];
  #next = 0;

  /** `gapMs` above 0. */
  record(gapMs: number): void {
    this.#gapsMs[this.#next] = gapMs;
    this.#next = (this.#next + 1) % REMEMBERED;
  }

  /** undefined: not known yet. */
  get intervalMs(): number | undefined {
    let longest = 0;
    let second = 0;
    for (const gapMs of this.#gapsMs) {
      if (gapMs >= longest) {
        second = longest;
        longest = gapMs;
      } else if (gapMs > second) second = gapMs;
    }
    // One gap alone may be an extra row or a pause.
    return this.#gapsMs.length < 2 ? undefined : second;
  }
}
