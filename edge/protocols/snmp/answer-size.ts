/** How many values an answer carries at first and at most. */
export interface AnswerSizeBounds {
  readonly start: number;
  readonly most: number;
}

/** What was learnt of a device, to be kept through a restart. */
export interface KnownAnswerSize {
  readonly values: number;
  /** More than this was lost or refused. */
  readonly ceiling: number;
}

/** Answers in a row at the ceiling after which more is tried again: the line or the device may have changed. */
const TRY_MORE_AFTER = 500;

/**
 * How many values one GETBULK requests: halved when an answer is lost or too big, then raised again, up to just below what
 * failed. What a device cuts off an answer is not requested again.
 */
export class AnswerSize {
  readonly #most: number;
  #values: number;
  #ceiling: number;
  #answersAtCeiling = 0;

  constructor({ start, most }: AnswerSizeBounds, known?: KnownAnswerSize) {
    this.#most = most;
    this.#ceiling = Math.min(known?.ceiling ?? most, most);
    this.#values = Math.min(known?.values ?? start, this.#ceiling);
  }

  get values(): number {
    return this.#values;
  }

  get known(): KnownAnswerSize {
    return { values: this.#values, ceiling: this.#ceiling };
  }

  /** After an answer of so many values that was too big. False: less cannot be requested. */
  shrink(requested: number): boolean {
    if (requested <= 1) return false;
    this.#ceiling = Math.min(this.#ceiling, requested - 1);
    this.#values = Math.min(this.#values, Math.ceil(requested / 2));
    this.#answersAtCeiling = 0;
    return true;
  }

  /** After an answer that was lost: for its size, unless it was a small one. */
  lose(requested: number): void {
    if (2 * requested > this.#values) this.shrink(requested);
  }

  /** After an answer that came whole. */
  grow(): void {
    if (this.#values < this.#ceiling) {
      this.#values = Math.min(this.#ceiling, more(this.#values));
    } else if (++this.#answersAtCeiling === TRY_MORE_AFTER) {
      this.#answersAtCeiling = 0;
      this.#ceiling = Math.min(this.#most, more(this.#ceiling));
    }
  }

  /** After an answer with fewer values than requested, although there are more. */
  fit(values: number): void {
    this.#values = Math.max(1, Math.min(this.#values, values));
  }
}

function more(values: number): number {
  return values + Math.max(1, Math.floor(values / 8));
}
