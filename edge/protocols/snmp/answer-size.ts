/** How many values an answer carries at first and at most. */
export interface AnswerSizeBounds {
  readonly start: number;
  readonly most: number;
}

/** What was learnt of a device, to be kept through a restart. */
export interface KnownAnswerSize {
  readonly values: number;
  /** More than this was refused, or lost again and again. */
  readonly ceiling: number;
}

/** Answers in a row at the ceiling after which more is tried again: the line or the device may have changed. */
const TRY_MORE_AFTER = 500;
/** The same, while nothing speaks against it. */
const TRY_ON_AFTER = 20;
/** Answers of a size that are lost one after the other, while smaller ones arrive, are lost for their size. */
const LOST_FOR_SIZE = 4;

/**
 * How many values one GETBULK requests: less when an answer is too big, or when large ones are lost repeatedly while smaller
 * ones arrive; then raised again, up to just below what failed. A line that loses any answer now and then teaches nothing.
 * What a device cuts off an answer is not requested again.
 */
export class AnswerSize {
  readonly #most: number;
  #values: number;
  #ceiling: number;
  #answersAtCeiling = 0;
  #tryMoreAfter = TRY_MORE_AFTER;
  /** The ceiling before more was tried, until more than it was requested and arrived. */
  #ceilingBefore: number | undefined;
  /** The smallest that was lost since one of its size arrived. */
  #lost = Infinity;
  /** The largest that arrived since. */
  #arrived = 0;
  #losses = 0;
  /** To be requested again after a loss, as soon as any answer arrives. */
  #valuesBefore: number | undefined;

  constructor({ start, most }: AnswerSizeBounds, known?: KnownAnswerSize) {
    this.#most = most;
    this.#ceiling = Math.min(known?.ceiling ?? most, most);
    this.#values = Math.min(known?.values ?? start, this.#ceiling);
  }

  get values(): number {
    return this.#values;
  }

  get known(): KnownAnswerSize {
    const ceiling = this.#ceilingBefore ?? this.#ceiling;
    return { values: Math.min(this.#valuesBefore ?? this.#values, ceiling), ceiling };
  }

  /** After an answer of so many values that was too big. False: less cannot be requested. */
  shrink(requested: number): boolean {
    if (requested <= 1) return false;
    this.#lower(Math.min(this.#ceilingBefore ?? this.#ceiling, requested - 1), requested);
    return true;
  }

  /** After an answer of so many values that was lost: less is requested until one arrives. A small one was not lost for its size. */
  lose(requested: number): void {
    if (requested <= 1 || 2 * requested <= this.#values) return;
    if (this.#ceilingBefore !== undefined && requested > this.#ceilingBefore) {
      // One loss is enough to leave it as it was.
      this.#lower(this.#ceilingBefore, requested);
      return;
    }
    if (requested <= this.#arrived) {
      this.#arrived = 0; // That is not the size, unless the path has become worse.
    } else {
      this.#lost = Math.min(this.#lost, requested);
      // While nothing arrives at all, the size is not the reason.
      if (this.#valuesBefore === undefined) this.#losses++;
    }
    if (this.#losses === LOST_FOR_SIZE) {
      this.#lower(Math.min(this.#ceiling, Math.max(less(this.#lost), this.#arrived)), this.#lost);
      return;
    }
    this.#valuesBefore = this.#values;
    this.#values = Math.ceil(requested / 2);
  }

  /** After an answer that came whole, to a request for so many values. */
  grow(requested: number): void {
    if (requested >= this.#lost) this.#forgetLosses();
    else if (this.#losses > 0) this.#arrived = Math.max(this.#arrived, requested);
    if (requested > (this.#ceilingBefore ?? Infinity)) this.#ceilingBefore = undefined;
    if (this.#valuesBefore !== undefined) {
      this.#values = this.#valuesBefore;
      this.#valuesBefore = undefined;
    } else if (this.#values < this.#ceiling) {
      this.#values = Math.min(this.#ceiling, more(this.#values));
    } else if (this.#ceiling < this.#most && ++this.#answersAtCeiling >= this.#tryMoreAfter) {
      this.#answersAtCeiling = 0;
      this.#tryMoreAfter = TRY_ON_AFTER;
      this.#ceilingBefore ??= this.#ceiling;
      this.#ceiling = Math.min(this.#most, more(this.#ceiling));
      this.#values = this.#ceiling;
    }
  }

  /** After an answer with fewer values than requested, although there are more. */
  fit(values: number): void {
    this.#valuesBefore = undefined;
    this.#values = Math.max(1, Math.min(this.#values, values));
  }

  /** `failed`: so many values, for their number. */
  #lower(ceiling: number, failed: number): void {
    this.#ceiling = ceiling;
    this.#ceilingBefore = undefined;
    this.#values = Math.min(this.#values, ceiling, Math.ceil(failed / 2));
    this.#valuesBefore = undefined;
    this.#answersAtCeiling = 0;
    this.#tryMoreAfter = TRY_MORE_AFTER;
    this.#forgetLosses();
  }

  #forgetLosses(): void {
    this.#lost = Infinity;
    this.#arrived = 0;
    this.#losses = 0;
  }
}

function more(values: number): number {
  return values + Math.max(1, Math.floor(values / 8));
}

function less(values: number): number {
  return values - Math.max(1, Math.floor(values / 8));
}
