export interface SeriesLimits {
  readonly maxSeriesPerAgent: number;
  readonly maxSeriesRemembered: number;
}

/** The series that one agent sent within the last hour. */
export interface AgentSeries {
  readonly max: number;
  has(series: string): boolean;
  /** false: the agent has its maximum already. */
  add(series: string): boolean;
}

const FORGET_AFTER_MS = 3_600_000;

/**
 * Counts the series of each agent, starting again every hour, so that the series of a replaced server do not count for
 * ever. Bounded: above the limit of all agents together, those with the oldest last batch are forgotten; their count
 * only starts again.
 */
export class SeriesMemory {
  readonly #limits: SeriesLimits;
  /** In the order of their last batches. */
  readonly #agents = new Map<string, KnownSeries>();
  /** Series, and one for each agent. */
  #total = 0;

  constructor(limits: SeriesLimits) {
    this.#limits = limits;
  }

  of(agent: string, nowMs: number): AgentSeries {
    let known = this.#agents.get(agent);
    if (known === undefined || nowMs >= known.untilMs || nowMs < known.untilMs - FORGET_AFTER_MS) {
      this.#forget(agent);
      known = new KnownSeries(this.#limits.maxSeriesPerAgent, nowMs + FORGET_AFTER_MS, () => this.#total++);
      this.#total++;
    } else {
      this.#agents.delete(agent);
    }
    this.#agents.set(agent, known);
    this.#evict(agent);
    return known;
  }

  #evict(except: string): void {
    for (const agent of this.#agents.keys()) {
      if (this.#total <= this.#limits.maxSeriesRemembered || agent === except) return;
      this.#forget(agent);
    }
  }

  #forget(agent: string): void {
    const known = this.#agents.get(agent);
    if (known === undefined) return;
    this.#total -= known.size + 1;
    this.#agents.delete(agent);
  }
}

class KnownSeries implements AgentSeries {
  readonly max: number;
  readonly untilMs: number;
  readonly #onAdd: () => void;
  readonly #series = new Set<string>();

  constructor(max: number, untilMs: number, onAdd: () => void) {
    this.max = max;
    this.untilMs = untilMs;
    this.#onAdd = onAdd;
  }

  get size(): number {
    return this.#series.size;
  }

  has(series: string): boolean {
    return this.#series.has(series);
  }

  add(series: string): boolean {
    if (this.#series.size >= this.max) return false;
    this.#series.add(series);
    this.#onAdd();
    return true;
  }
}
