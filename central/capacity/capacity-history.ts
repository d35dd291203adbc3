import type { SampleStore } from '../store/sample-store.ts';
import type { CapacityMeasure } from './capacity-kinds.ts';
import { DailyValues } from './daily-values.ts';
import { keyOf } from './newest-capacities.ts';
import { DAY_MS, readDays, type DayValue } from './read-days.ts';

export interface CapacityHistoryDeps {
  readonly store: Pick<SampleStore, 'query'>;
  readonly measure: CapacityMeasure;
  /** Local time minus UTC, ms. */
  readonly offsetMs: number;
  /** So many things are remembered. */
  readonly maxSeries: number;
}

/** A longer past makes no better forecast: the growth of two years ago counts for a thousandth. */
export const MAX_HISTORY_DAYS = 730;
/** What has had no value for so long is gone: names come and go, such as those of containers. */
const GONE_DAYS = 42;
/** Backlog of an outage may be so old. */
const LATE_DAYS = 4;
/** Wanted of one reading. */
const WANTED_VALUES = 4_000;
const FIRST_WIDTH_DAYS = 16;
const MAX_WIDTH_DAYS = 128;

/** How much was in use on each day, of everything of one kind: read from the store piece by piece, the oldest first, and then day by day. */
export class CapacityHistory {
  readonly #deps: CapacityHistoryDeps;
  readonly #days = new DailyValues(MAX_HISTORY_DAYS);
  #nextDay: number | undefined;
  /** Of all days before `nextDay`. */
  #isWhole = false;
  #widthDays = FIRST_WIDTH_DAYS;
  #forgotten = 0;

  constructor(deps: CapacityHistoryDeps) {
    this.#deps = deps;
  }

  /**
   * One piece of what is missing. `whole`: nothing was. `too_much`: there are too many things to follow. Throws what the store throws, and may
   * be called again then.
   */
  async readNext(nowMs: number, signal: AbortSignal): Promise<'whole' | 'read' | 'too_much'> {
    const { store, measure, offsetMs, maxSeries } = this.#deps;
    const today = Math.floor((nowMs + offsetMs) / DAY_MS);
    const startOf = (day: number): number => day * DAY_MS - offsetMs;
    const next = this.#nextDay ?? today - MAX_HISTORY_DAYS;
    if (this.#isWhole && next >= today) return 'whole';
    // A new day: what came late of the days before counts, too.
    const from = this.#isWhole ? next - LATE_DAYS : Math.min(next, today);
    this.#isWhole = false;
    this.#nextDay = from;
    const to = Math.min(from + this.#widthDays, today);
    const { values, isTooMuch } = await readDays(
      store,
      measure,
      { fromMs: startOf(from), toMs: startOf(to) },
      signal,
    );
    if (isTooMuch) {
      if (this.#widthDays === 1) return 'too_much';
      this.#widthDays = Math.max(1, Math.floor(this.#widthDays / 4));
      return 'read';
    }
    for (const { tags, startMs, value } of values)
      this.#days.set(keyOf(measure.tags, tags), Math.round((startMs + offsetMs) / DAY_MS), value);
    const factor = values.length === 0 ? 4 : Math.min(4, Math.max(0.25, WANTED_VALUES / values.length));
    this.#widthDays = Math.min(MAX_WIDTH_DAYS, Math.max(1, Math.floor(this.#widthDays * factor)));
    this.#nextDay = to;
    this.#isWhole = to === today;
    this.#days.forgetBefore(to - GONE_DAYS);
    this.#forgotten += this.#days.keepNewest(maxSeries);
    return 'read';
  }

  /** How many were forgotten since there were more than may be remembered. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** One a day, oldest first, up to yesterday. */
  valuesOf(key: string): Float32Array {
    return this.#days.valuesOf(key);
  }

  /** Mean of the last 24 h up to the last whole hour of each thing. Throws what the store throws; undefined: too many. */
  async readLevels(toMs: number, signal: AbortSignal): Promise<readonly DayValue[] | undefined> {
    const { store, measure } = this.#deps;
    const { values, isTooMuch } = await readDays(store, measure, { fromMs: toMs - DAY_MS, toMs }, signal);
    return isTooMuch ? undefined : values;
  }
}
