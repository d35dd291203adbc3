/** One value a day of many series, for so many days at most. Days are numbered since 1970, by the city's midnight. */
export class DailyValues {
  readonly #maxDays: number;
  readonly #series = new Map<string, Days>();

  constructor(maxDays: number) {
    this.#maxDays = maxDays;
  }

  get size(): number {
    return this.#series.size;
  }

  /** In place of what is known of that day. Days before the first one of a series are left out. */
  set(key: string, day: number, value: number): void {
    let days = this.#series.get(key);
    if (days === undefined) {
      days = { firstDay: day, values: grown([], 0), length: 0 };
      this.#series.set(key, days);
    }
    const at = day - days.firstDay;
    if (at < 0) return;
    if (at >= days.values.length) days.values = grown(days.values, at);
    days.values[at] = value;
    days.length = Math.max(days.length, at + 1);
    if (days.length > this.#maxDays) shorten(days, days.length - this.#maxDays);
  }

  /** From the first to the last day with a value; a day without one has that of the day before. Empty: nothing is known. */
  valuesOf(key: string): Float32Array {
    const days = this.#series.get(key);
    if (days === undefined) return new Float32Array();
    const values = days.values.slice(0, days.length);
    for (let at = 1; at < values.length; at++)
      if (Number.isNaN(values[at])) values[at] = values[at - 1] ?? NaN;
    return values;
  }

  /** Forgets series without a value since that day. */
  forgetBefore(day: number): void {
    for (const [key, { firstDay, length }] of this.#series)
      if (firstDay + length <= day) this.#series.delete(key);
  }

  /** Of more series than that, forgets those whose last value is the oldest; of equal ones the shorter. Says how many. */
  keepNewest(maxSeries: number): number {
    const surplus = this.#series.size - maxSeries;
    if (surplus <= 0) return 0;
    const endOf = ({ firstDay, length }: Days): number => firstDay + length;
    const oldestFirst = [...this.#series].sort(([, a], [, b]) => endOf(a) - endOf(b) || a.length - b.length);
    for (const [key] of oldestFirst.slice(0, surplus)) this.#series.delete(key);
    return surplus;
  }
}

interface Days {
  firstDay: number;
  /** NaN: none of that day. Longer than `length`, so that most days find their place. */
  values: Float32Array;
  length: number;
}

const SPARE_DAYS = 32;

/** With room for a value at `at`. */
function grown(values: ArrayLike<number>, at: number): Float32Array {
  const more = new Float32Array(Math.max(at + 1, values.length) + SPARE_DAYS).fill(NaN);
  more.set(values);
  return more;
}

/** The oldest days go, and those without a value that would then be the first. */
function shorten(days: Days, count: number): void {
  let from = count;
  while (from < days.length - 1 && Number.isNaN(days.values[from])) from++;
  days.values = days.values.slice(from);
  days.firstDay += from;
  days.length -= from;
}
