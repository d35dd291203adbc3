import type { Site } from '../../../contract/inventory.ts';
import { dayAt, dayBefore, startOfDayMs } from './days.ts';
import { holdsOn, type DatedUnit, type UnitHistory } from './unit-history.ts';

/** A stretch of time in which a site was in one unit; `unit` is undefined where nobody said in which. */
export interface SiteUnitPeriod {
  readonly unit: DatedUnit | undefined;
  readonly fromMs: number;
  readonly toMs: number;
}

interface TimeRange {
  readonly fromMs: number;
  /** Not of it any more. */
  readonly toMs: number;
}

/** Which unit a site was in when. Days begin at midnight in `timeZone`. */
export class SiteUnits {
  readonly #history: UnitHistory;
  readonly #timeZone: string;
  /** When units began and ended. */
  readonly #changeDays: ReadonlySet<string>;

  constructor(history: UnitHistory, timeZone: string) {
    this.#history = history;
    this.#timeZone = timeZone;
    this.#changeDays = new Set(history.formerUnits.flatMap(({ from = '', until = '' }) => [from, until]));
  }

  /** Undefined if the site does not say in which unit it was then. */
  unitAt(site: Site, atMs: number): DatedUnit | undefined {
    return this.#unitOn(site, dayAt(atMs, this.#timeZone));
  }

  /** The units of a site over a time, oldest first, without gaps. */
  unitsDuring(site: Site, { fromMs, toMs }: TimeRange): readonly SiteUnitPeriod[] {
    const days = [...this.#changeDays, ...(site.formerUnits ?? []).map(({ until }) => until)];
    const changes = [...new Set(days)]
      .filter((day) => day !== '')
      .map((day) => startOfDayMs(day, this.#timeZone))
      .filter((atMs) => fromMs < atMs && atMs < toMs)
      .sort((a, b) => a - b);
    const periods: SiteUnitPeriod[] = [];
    for (const [at, beginMs] of [fromMs, ...changes].entries()) {
      const unit = this.unitAt(site, beginMs);
      const endMs = changes[at] ?? toMs;
      const last = periods.at(-1);
      if (last?.unit === unit && last !== undefined) periods[periods.length - 1] = { ...last, toMs: endMs };
      else periods.push({ unit, fromMs: beginMs, toMs: endMs });
    }
    return periods;
  }

  /**
   * A report over a time that counts something of each site, by units. `asOfMs`: by the units of that moment, for all of
   * the time; without it each part of the time counts for the unit of then. Where `measure` adds up over time, all of
   * these reports have the same total; what belongs to no known unit is under undefined.
   */
  sumByUnit(
    sites: Iterable<Site>,
    range: TimeRange,
    measure: (site: Site, range: TimeRange) => number,
    asOfMs?: number,
  ): ReadonlyMap<DatedUnit | undefined, number> {
    const sums = new Map<DatedUnit | undefined, number>();
    for (const site of sites) {
      const periods =
        asOfMs === undefined
          ? this.unitsDuring(site, range)
          : [{ ...range, unit: this.unitAt(site, asOfMs) }];
      for (const { unit, fromMs, toMs } of periods)
        sums.set(unit, (sums.get(unit) ?? 0) + measure(site, { fromMs, toMs }));
    }
    return sums;
  }

  /** The unit that is meant may be younger than the day; what its code meant before is another one. */
  #unitOn({ unit, formerUnits = [] }: Site, day: string): DatedUnit | undefined {
    const former = formerUnits.find(({ until }) => day < until);
    const meant =
      former === undefined
        ? this.#history.today(unit)
        : this.#history.on(former.unit, dayBefore(former.until));
    return meant !== undefined && holdsOn(meant, day) ? meant : undefined;
  }
}
