import { gapLimitOf } from '../lifecycle/next-alert-state.ts';
import { withGap } from '../lifecycle/pace.ts';

export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
}

const MAX_LISTED = 20;

/** Times in which no series of a rule had a sample: longer than what its alerts bridge. */
export class Gaps {
  readonly #intervalMs: number;
  #lastMs: number;
  #steps: readonly number[] = [];
  #count = 0;
  #totalMs = 0;
  readonly #listed: Gap[] = [];

  constructor(intervalMs: number, fromMs: number) {
    this.#intervalMs = intervalMs;
    this.#lastMs = fromMs;
  }

  /** Times in their order; the last one is the end of what was looked at. */
  record(timeMs: number): void {
    const stepMs = timeMs - this.#lastMs;
    if (stepMs <= 0) return;
    const state = { startedAtMs: 0, lastSampleMs: 0, gapsMs: this.#steps, levels: [] };
    if (stepMs > gapLimitOf({ intervalMs: this.#intervalMs, levels: [] }, state)) {
      this.#count++;
      this.#totalMs += stepMs;
      if (this.#listed.length < MAX_LISTED) this.#listed.push({ fromMs: this.#lastMs, toMs: timeMs });
    }
    this.#steps = withGap(this.#steps, stepMs);
    this.#lastMs = timeMs;
  }

  get count(): number {
    return this.#count;
  }

  get totalMs(): number {
    return this.#totalMs;
  }

  /** The first 20. */
  get listed(): readonly Gap[] {
    return this.#listed;
  }
}
