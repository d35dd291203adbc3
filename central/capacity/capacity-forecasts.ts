import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { utcOffsetMs } from '../../runtime/time-zone.ts';
import type { OwnSamples } from '../samples/own-samples.ts';
import { StoreUnavailableError, type SampleStore } from '../store/sample-store.ts';
import { forecastSample, type CapacityForecast } from './capacity-forecast.ts';
import { CapacityHistory } from './capacity-history.ts';
import { CAPACITY_KINDS, CAPACITY_MEASURES, type CapacityKind } from './capacity-kinds.ts';
import { forecastFull, recordGrowth, type Forecast } from './forecast/forecast-full.ts';
import { keyOf, newestCapacities, type NewestCapacity, type NewestRows } from './newest-capacities.ts';
import { DAY_MS, type DayValue } from './read-days.ts';

export interface CapacityForecastsDeps {
  readonly store: Pick<SampleStore, 'query'>;
  readonly latest: NewestRows;
  readonly own: OwnSamples;
  readonly clock: Clock;
  readonly timeZone: string;
  /** The clocks are not in doubt. */
  readonly isTimeSure: () => boolean;
  readonly log: Logger;
}

/** After a start the agents have to send first, and central has other things to do. */
const START_MS = 300_000;
const ROUND_MS = 3_600_000;
/** Of one step, for computing. */
const STEP_MS = 5;
/** A store that does not answer is asked again after this. */
const RETRY_MS = 60_000;
/** Of each kind, 3 kB each. */
const MAX_SERIES = 20_000;
/** Older forecasts are of a time when something did not work. */
const STALE_MS = 3 * ROUND_MS;

/** What is to be computed of one round. */
interface Round {
  readonly kind: CapacityKind;
  readonly levels: readonly DayValue[];
  readonly capacities: ReadonlyMap<string, NewestCapacity>;
  /** When the levels were so high: the middle of their day. */
  readonly levelAtMs: number;
  readonly made: Map<string, CapacityForecast>;
  next: number;
}

/**
 * When each pool, file system and storage will be full. The daily history of all of them is in memory, read from the store once and then day by
 * day; once an hour each is judged anew. In steps: one reading of the store, or 5 ms of computing. Those of pools are stored as well.
 */
export class CapacityForecasts {
  readonly #deps: CapacityForecastsDeps;
  readonly #startsAtMs: number;
  readonly #histories: ReadonlyMap<CapacityKind, CapacityHistory>;
  /** By kind, then by `keyOf`. */
  readonly #forecasts = new Map<CapacityKind, ReadonlyMap<string, CapacityForecast>>();
  /** When each kind was judged last. */
  readonly #judgedAtMs = new Map<CapacityKind, number>();
  readonly #tooMany = new Set<CapacityKind>();
  readonly #toldForgotten = new Set<CapacityKind>();
  #round: Round | undefined;
  #notBeforeMs = -Infinity;

  constructor(deps: CapacityForecastsDeps) {
    this.#deps = deps;
    const { store, clock, timeZone } = deps;
    this.#startsAtMs = clock.monotonicMs() + START_MS;
    const offsetMs = utcOffsetMs(timeZone, clock.now());
    this.#histories = new Map(
      CAPACITY_KINDS.map((kind) => [
        kind,
        new CapacityHistory({ store, measure: CAPACITY_MEASURES[kind], offsetMs, maxSeries: MAX_SERIES }),
      ]),
    );
  }

  /** All of a kind, as they were judged last; undefined: none lately. */
  list(kind: CapacityKind): Iterable<CapacityForecast> | undefined {
    const judgedAtMs = this.#judgedAtMs.get(kind) ?? -Infinity;
    if (this.#deps.clock.now() - judgedAtMs > STALE_MS) return undefined;
    return this.#forecasts.get(kind)?.values();
  }

  /** Of one thing; undefined: there is none, or none lately. */
  find(kind: CapacityKind, tags: Readonly<Record<string, string>>): CapacityForecast | undefined {
    if (this.list(kind) === undefined) return undefined;
    return this.#forecasts.get(kind)?.get(keyOf(CAPACITY_MEASURES[kind].tags, tags));
  }

  /** Call it each second. */
  async step(signal: AbortSignal): Promise<void> {
    const { clock, isTimeSure } = this.#deps;
    const atMs = clock.monotonicMs();
    if (atMs < this.#startsAtMs || atMs < this.#notBeforeMs) return;
    if (this.#round !== undefined) {
      this.#compute(this.#round);
      return;
    }
    if (!isTimeSure()) return;
    try {
      for (const kind of CAPACITY_KINDS) if (await this.#read(kind, signal)) return;
    } catch (err) {
      this.#notBeforeMs = clock.monotonicMs() + RETRY_MS;
      // The store being away is told elsewhere.
      if (!(err instanceof StoreUnavailableError)) throw err;
    }
  }

  /** False: there is nothing to be read of this kind at present. */
  async #read(kind: CapacityKind, signal: AbortSignal): Promise<boolean> {
    const { latest, clock } = this.#deps;
    const nowMs = clock.now();
    const history = this.#histories.get(kind);
    // Central's time was set back: the hour is judged again.
    const sinceMs = Math.abs(nowMs - (this.#judgedAtMs.get(kind) ?? -Infinity));
    if (history === undefined || sinceMs < ROUND_MS) return false;
    const outcome = await history.readNext(nowMs, signal);
    this.#tellForgotten(kind, history);
    if (outcome === 'read') return true;
    const toMs = Math.floor(nowMs / ROUND_MS) * ROUND_MS;
    const levels = outcome === 'too_much' ? undefined : await history.readLevels(toMs, signal);
    this.#judgedAtMs.set(kind, nowMs);
    if (levels === undefined) {
      this.#leaveOut(kind);
      return true;
    }
    this.#round = {
      ...{ kind, levels, next: 0, made: new Map() },
      capacities: newestCapacities(latest, CAPACITY_MEASURES[kind], nowMs),
      levelAtMs: toMs - DAY_MS / 2,
    };
    return true;
  }

  #tellForgotten(kind: CapacityKind, { forgotten }: CapacityHistory): void {
    if (forgotten === 0 || this.#toldForgotten.has(kind)) return;
    this.#toldForgotten.add(kind);
    this.#deps.log.warn(
      { kind, maxSeries: MAX_SERIES, forgotten },
      'the daily history of those silent for longest is forgotten: there are more than may be remembered',
    );
  }

  #leaveOut(kind: CapacityKind): void {
    if (!this.#tooMany.has(kind))
      this.#deps.log.error({ kind }, 'there are too many to forecast when they will be full: none is');
    this.#tooMany.add(kind);
    this.#forecasts.delete(kind);
  }

  #compute(round: Round): void {
    const { clock, own } = this.#deps;
    const { kind, levels, made } = round;
    const endMs = clock.monotonicMs() + STEP_MS;
    const pools: CapacityForecast[] = [];
    while (round.next < levels.length && clock.monotonicMs() < endMs) {
      const level = levels[round.next++];
      const found = level && this.#forecast(round, level);
      if (found === undefined) continue;
      made.set(keyOf(CAPACITY_MEASURES[kind].tags, found.tags), found);
      if (kind === 'pool') pools.push(found);
    }
    if (pools.length > 0) own.write(pools.map(forecastSample));
    if (round.next < levels.length) return;
    this.#round = undefined;
    this.#forecasts.set(kind, made);
  }

  /** undefined: it is not known how much fits. */
  #forecast({ kind, capacities, levelAtMs }: Round, level: DayValue): CapacityForecast | undefined {
    const key = keyOf(CAPACITY_MEASURES[kind].tags, level.tags);
    const newest = capacities.get(key);
    const history = this.#histories.get(kind);
    if (newest === undefined || history === undefined) return undefined;
    const record = recordGrowth(history.valuesOf(key));
    const { capacity, agent, unit, site } = newest;
    const madeAtMs = this.#deps.clock.now();
    const found = forecastFull(record, level.value, capacity);
    return {
      ...{ kind, tags: level.tags, agent, unit, site, madeAtMs },
      forecast: sooner(found, (madeAtMs - levelAtMs) / DAY_MS),
      usedPercent: (100 * level.value) / capacity,
      historyDays: record.historyDays,
      growthPerDay: Number.isNaN(record.growthPerDay) ? undefined : record.growthPerDay,
    };
  }
}

/** The same after so many days. */
function sooner(forecast: Forecast, days: number): Forecast {
  const left = (all: number): number => Math.max(0, all - days);
  if (forecast.outcome === 'unproven') return { ...forecast, middleDays: left(forecast.middleDays) };
  if (forecast.outcome !== 'dated') return forecast;
  const { earlyDays, middleDays, lateDays } = forecast;
  return {
    ...forecast,
    earlyDays: left(earlyDays),
    middleDays: left(middleDays),
    lateDays: left(lateDays),
  };
}
