export interface SeriesLimits {
  readonly maxSeriesPerAgent: number;
  readonly maxSeriesRemembered: number;
}

/** The series one agent has sent lately. */
export interface AgentSeries {
  readonly max: number;
  has(series: string): boolean;
  /** false: there is no room for another one. */
  add(series: string): boolean;
}

const FORGET_AFTER_MS = 3_600_000;

/**
 * Counts the series of each agent, and begins anew every hour, so that a server that was replaced does not count for
 * ever. Bounded: when all agents together are above the limit, the longest unheard are forgotten, which only makes
 * their count begin anew.
 */
export class SeriesMemory {
  readonly #limits: SeriesLimits;
  /** The longest unheard first. */
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
    this.#makeRoom(agent);
    return known;
  }

  #makeRoom(except: string): void {
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
