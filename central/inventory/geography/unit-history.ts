import type { FormerUnit, Unit } from '../../../contract/inventory.ts';

/** A unit and the days for which it holds: from `from` to the day before `until`. */
export interface DatedUnit {
  readonly unit: Unit | FormerUnit;
  /** Without it: as long as anybody knows. */
  readonly from: string | undefined;
  /** Without it: a unit of today. */
  readonly until: string | undefined;
}

/**
 * Which unit a code meant on which day. Days are those of the city, such as 2025-07-01; they compare as texts. Where the
 * entries contradict each other, the one that ended first counts.
 */
export class UnitHistory {
  /** Oldest first. */
  readonly #byCode = new Map<string, DatedUnit[]>();
  readonly #former: readonly DatedUnit[];
  readonly #all: readonly DatedUnit[];

  constructor(units: Iterable<Unit>, formerUnits: readonly FormerUnit[]) {
    this.#former = [...formerUnits]
      .sort((a, b) => (a.until < b.until ? -1 : Number(a.until > b.until)))
      .map((unit) => this.#add(unit.code, { unit, from: this.#fromOf(unit), until: unit.until }));
    const begins = this.#lastChanges();
    const current = Array.from(units, (unit) =>
      this.#add(unit.code, { unit, from: begins.get(unit.code), until: undefined }),
    );
    this.#all = [...this.#former, ...current];
  }

  /** The unit that has this code on this day; undefined if none has. */
  on(code: string, day: string): DatedUnit | undefined {
    return this.#byCode.get(code)?.find((dated) => holdsOn(dated, day));
  }

  /** The unit that has this code today. */
  today(code: string): DatedUnit | undefined {
    return this.#byCode.get(code)?.find(({ until }) => until === undefined);
  }

  /** All units of a day. */
  unitsOn(day: string): readonly DatedUnit[] {
    return this.#all.filter((dated) => holdsOn(dated, day));
  }

  /** Former units, those that ended first come first. */
  get formerUnits(): readonly DatedUnit[] {
    return this.#former;
  }

  /** The units that the land of a former one belongs to today: several if it was split, none if that is not known. */
  todaysUnitsOf(former: FormerUnit): readonly Unit[] {
    const found = new Set<Unit>();
    const seen = new Set<Unit | FormerUnit>([former]);
    const waiting = [former];
    for (let unit = waiting.pop(); unit !== undefined; unit = waiting.pop()) {
      for (const code of unit.successors) {
        const next = this.on(code, unit.until)?.unit;
        if (next === undefined || seen.has(next)) continue;
        seen.add(next);
        if ('successors' in next) waiting.push(next);
        else found.add(next);
      }
    }
    return [...found];
  }

  #add(code: string | undefined, dated: DatedUnit): DatedUnit {
    if (code === undefined) return dated;
    const sameCode = this.#byCode.get(code);
    if (sameCode === undefined) this.#byCode.set(code, [dated]);
    else sameCode.push(dated);
    return dated;
  }

  /** Without a day of its own it holds since the one before it with its code. */
  #fromOf({ code, from }: FormerUnit): string | undefined {
    return from ?? (code === undefined ? undefined : this.#byCode.get(code)?.at(-1)?.until);
  }

  /** By code: since when the unit of today has it, which is when a former one with this code, or a part of it, ended. */
  #lastChanges(): ReadonlyMap<string, string> {
    const last = new Map<string, string>();
    for (const { unit, until } of this.#former) {
      if (until === undefined || !('successors' in unit)) continue;
      if (unit.code !== undefined) last.set(unit.code, until);
      for (const code of unit.successors) if (this.on(code, until) === undefined) last.set(code, until);
    }
    return last;
  }
}

export function holdsOn({ from, until }: DatedUnit, day: string): boolean {
  return (from === undefined || from <= day) && (until === undefined || day < until);
}
