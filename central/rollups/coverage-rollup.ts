import type { Clock } from '../../runtime/clock.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { OwnSamples } from '../samples/own-samples.ts';
import { CoverageCounter, type CoverageCount, type CoverageCounterDeps } from './coverage-counter.ts';
import { coverageSample } from './coverage-sample.ts';

export interface CoverageRollupDeps extends CoverageCounterDeps {
  readonly inventory: Pick<Inventory, 'devices' | 'units'>;
  readonly own: OwnSamples;
  readonly clock: Pick<Clock, 'now'>;
}

/** Radio samples of a unit in all its networks. */
export interface Counted {
  readonly samples: number;
  readonly covered: number;
}

const MINUTE_MS = 60_000;

/** Writes the radio coverage of each minute once the next one has begun. */
export class CoverageRollup {
  readonly #deps: CoverageRollupDeps;
  readonly #counter: CoverageCounter;
  #minuteMs: number | undefined;
  #lastMinute: ReadonlyMap<string, Counted> = new Map();

  constructor(deps: CoverageRollupDeps) {
    this.#deps = deps;
    this.#counter = new CoverageCounter(deps);
  }

  /** What was counted in the minute that ended last, by unit. */
  get lastMinute(): ReadonlyMap<string, Counted> {
    return this.#lastMinute;
  }

  /** As often as modems report. */
  look(): void {
    const { own, clock, inventory } = this.#deps;
    const nowMs = clock.now();
    const minuteMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    if (this.#minuteMs !== minuteMs) {
      const ended = this.#minuteMs;
      this.#minuteMs = minuteMs;
      const counts = ended === undefined ? [] : this.#counter.take();
      this.#lastMinute = byUnit(counts);
      if (counts.length > 0)
        own.write(
          counts.map((count) => coverageSample(count, ended ?? minuteMs, inventory.units.get(count.unit))),
        );
    }
    this.#counter.look(nowMs);
  }
}

function byUnit(counts: readonly CoverageCount[]): Map<string, Counted> {
  const units = new Map<string, Counted>();
  for (const { unit, samples, covered } of counts) {
    const sum = units.get(unit) ?? { samples: 0, covered: 0 };
    units.set(unit, { samples: sum.samples + samples, covered: sum.covered + covered });
  }
  return units;
}
