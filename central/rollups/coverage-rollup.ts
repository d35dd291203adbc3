import type { Clock } from '../../runtime/clock.ts';
import type { OwnSamples } from '../samples/own-samples.ts';
import { CoverageCounter, type CoverageCounterDeps } from './coverage-counter.ts';
import { coverageSample } from './coverage-sample.ts';

export interface CoverageRollupDeps extends CoverageCounterDeps {
  readonly own: OwnSamples;
  readonly clock: Pick<Clock, 'now'>;
}

const MINUTE_MS = 60_000;

/** Writes the radio coverage of each minute once the next one has begun. */
export class CoverageRollup {
  readonly #deps: CoverageRollupDeps;
  readonly #counter: CoverageCounter;
  #minuteMs: number | undefined;

  constructor(deps: CoverageRollupDeps) {
    this.#deps = deps;
    this.#counter = new CoverageCounter(deps);
  }

  /** As often as modems report. */
  look(): void {
    const { own, clock } = this.#deps;
    const nowMs = clock.now();
    const minuteMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    if (this.#minuteMs !== minuteMs) {
      const ended = this.#minuteMs;
      this.#minuteMs = minuteMs;
      const counts = ended === undefined ? [] : this.#counter.take();
      if (counts.length > 0) own.write(counts.map((count) => coverageSample(count, ended ?? minuteMs)));
    }
    this.#counter.look(nowMs);
  }
}
