import { KnownSeries } from './known-series.ts';
import type { Series } from './series.ts';
import { SeriesTable } from './series-table.ts';

export interface SeriesLimits {
  /** Different series one agent may send within an hour: twice what 200 switches of 48 ports make. */
  readonly maxSeriesPerAgent: number;
  /** Series remembered of all agents together; above it, the agent with the oldest last batch is forgotten. */
  readonly maxSeriesRemembered: number;
}

export const DEFAULT_SERIES_LIMITS: SeriesLimits = {
  maxSeriesPerAgent: 20_000,
  maxSeriesRemembered: 1_000_000,
};

/** With what all parts note on it; measured under mutated messages: 970. */
const BYTES_A_SERIES = 1_024;
const SHARE_OF_HEAP = 0.4;
/** New resources of pools that one agent may name within a day: how full each is, is kept for two years. */
export const MAX_NEW_POOLS_A_DAY = 1_000;

/** Of all agents together, in a process whose heap may take so much: made-up series of many agents must not end it. */
export function seriesThatFit(heapLimitBytes: number): number {
  const fitting = Math.floor((heapLimitBytes * SHARE_OF_HEAP) / BYTES_A_SERIES);
  return Math.min(DEFAULT_SERIES_LIMITS.maxSeriesRemembered, fitting);
}

const HOUR_MS = 3_600_000;
/** A series without a row for one to two of these is forgotten. */
const REMEMBER_MS = 24 * HOUR_MS;

/** Told of each series that is forgotten, so that whoever lists series can drop it. */
export type ForgottenListener = (series: Series) => void;
/** Told of each series of a device that the inventory lacks: when it is new, or when that device leaves the inventory. */
export type UnexpectedListener = (series: Series) => void;
/** Told of each series whose device came into the inventory. */
export type ExpectedListener = (series: Series) => void;
/** What is true of a series now; `foreign`: its agent may not send it. */
export type SeriesVerdict = 'expected' | 'unexpected' | 'foreign';

/** An agent that sent more series than it may, and how many rows were refused for it since the last report. */
export interface TooManySeries {
  readonly agent: string;
  readonly refused: number;
}

/**
 * Every series that central has seen lately, by the agent that sends it: the one place that says which agent a series
 * belongs to and how many it has. Bounded: one agent has at most twice its maximum, the old ones first forgotten, and above the
 * limit of all together the agent with the oldest last batch is forgotten; its series are found again with its next rows.
 */
export class SeriesRegistry {
  readonly #limits: SeriesLimits;
  /** In the order of their last batches. */
  readonly #agents = new Map<string, AgentSeries>();
  readonly #listeners: ForgottenListener[] = [];
  readonly #unexpectedListeners: UnexpectedListener[] = [];
  readonly #expectedListeners: ExpectedListener[] = [];
  /** Weight of all series, and one for each agent. */
  #total = 0;

  constructor(limits: Partial<SeriesLimits> = {}) {
    this.#limits = { ...DEFAULT_SERIES_LIMITS, ...limits };
  }

  onForgotten(listener: ForgottenListener): void {
    this.#listeners.push(listener);
  }

  onUnexpected(listener: UnexpectedListener): void {
    this.#unexpectedListeners.push(listener);
  }

  onExpected(listener: ExpectedListener): void {
    this.#expectedListeners.push(listener);
  }

  /**
   * Finds out anew what was found out about each series when it began: for when the inventory has changed. A foreign one
   * is forgotten, so that its next row is refused.
   */
  judgeAnew(judge: (agent: string, series: Series) => SeriesVerdict): void {
    for (const known of this.#agents.values()) {
      known.forgetWhere((series) => {
        const verdict = judge(known.agent, series);
        if (verdict === 'foreign') return true;
        this.#setExpected(series, verdict === 'expected');
        return false;
      });
    }
  }

  /** Since the last call. */
  takeRefused(): readonly TooManySeries[] {
    const found: TooManySeries[] = [];
    for (const known of this.#agents.values()) {
      if (known.refused > 0) found.push({ agent: known.agent, refused: known.refused });
      known.refused = 0;
    }
    return found;
  }

  /** The series of an agent whose batch has come. */
  of(agent: string, nowMs: number): AgentSeries {
    let known = this.#agents.get(agent);
    if (known === undefined) {
      known = new AgentSeries({
        agent,
        max: this.#limits.maxSeriesPerAgent,
        nowMs,
        onAdded: (series) => this.#add(series),
        onForgotten: (series) => this.#forget(series),
      });
      this.#total++;
    } else {
      this.#agents.delete(agent);
    }
    this.#agents.set(agent, known);
    known.startWindowIfDue(nowMs);
    this.#evict(agent);
    return known;
  }

  /** Forgets the series that no agent has sent for one to two days. Call it every hour or so. */
  forgetUnseen(nowMs: number): void {
    for (const [agent, known] of this.#agents) {
      known.forgetUnseenIfDue(nowMs);
      if (known.size === 0) this.#forgetAgent(agent, known);
    }
  }

  #evict(except: string): void {
    for (const [agent, known] of this.#agents) {
      if (this.#total <= this.#limits.maxSeriesRemembered || agent === except) return;
      this.#forgetAgent(agent, known);
    }
  }

  #forgetAgent(agent: string, known: AgentSeries): void {
    known.forgetAll();
    this.#total--;
    this.#agents.delete(agent);
  }

  #add(series: KnownSeries): void {
    this.#total += series.weight;
    if (series.isExpected) return;
    for (const listener of this.#unexpectedListeners) listener(series);
  }

  #setExpected(series: Series, isExpected: boolean): void {
    if (series.isExpected === isExpected) return;
    series.isExpected = isExpected;
    for (const listener of isExpected ? this.#expectedListeners : this.#unexpectedListeners) listener(series);
  }

  #forget(series: KnownSeries): void {
    this.#total -= series.weight;
    for (const listener of this.#listeners) listener(series);
  }
}

interface AgentSeriesDeps {
  readonly agent: string;
  readonly max: number;
  readonly nowMs: number;
  readonly onAdded: (series: KnownSeries) => void;
  readonly onForgotten: (series: KnownSeries) => void;
}

/** The series of one agent. */
export class AgentSeries {
  readonly agent: string;
  readonly max: number;
  readonly #onAdded: (series: KnownSeries) => void;
  readonly #onForgotten: (series: KnownSeries) => void;
  /** Sent since the last forgetting. */
  #recent = new SeriesTable();
  /** Not sent since then. */
  #older = new SeriesTable();
  #window = 0;
  #windowUntilMs: number;
  #forgetAtMs: number;
  /** Weight of the series sent in this window. */
  #counted = 0;
  #generation = 0;
  /** Rows of series beyond `max`, since they were last asked for. */
  refused = 0;
  /** Of the series in #recent. */
  #recentWeight = 0;
  #newPools = 0;
  #last: KnownSeries | undefined;

  constructor({ agent, max, nowMs, onAdded, onForgotten }: AgentSeriesDeps) {
    this.agent = agent;
    this.max = max;
    this.#onAdded = onAdded;
    this.#onForgotten = onForgotten;
    this.#windowUntilMs = nowMs + HOUR_MS;
    this.#forgetAtMs = nowMs + REMEMBER_MS;
  }

  get size(): number {
    return this.#recent.size + this.#older.size;
  }

  /** What came after the last series before; most often it comes again, and need not be looked up. */
  get expected(): KnownSeries | undefined {
    return this.#last?.next;
  }

  find(measurement: string, tags: readonly (string | undefined)[]): KnownSeries | undefined {
    return this.#recent.find(measurement, tags) ?? this.#older.find(measurement, tags);
  }

  /** A row of this series was sent. False: it is one too many within an hour. */
  take(known: KnownSeries): boolean {
    if (known.window !== this.#window) {
      if (this.#counted >= this.max) {
        this.refused++;
        return false;
      }
      this.#counted += known.weight;
      known.window = this.#window;
    }
    if (known.generation !== this.#generation) {
      this.#older.delete(known);
      if (this.#recentWeight >= this.max) this.#rotate();
      this.#remember(known);
    }
    this.#follow(known);
    return true;
  }

  /** A row of a new series was sent. Undefined: it is one too many within an hour. */
  add(
    measurement: string,
    tags: readonly (string | undefined)[],
    isExpected = true,
  ): KnownSeries | undefined {
    if (this.#counted >= this.max) {
      this.refused++;
      return undefined;
    }
    if (this.#recentWeight >= this.max) this.#rotate();
    const known = new KnownSeries(
      measurement,
      shareTexts(measurement, tags, this.#last),
      this.#window,
      this.#generation,
      isExpected,
    );
    this.#counted += known.weight;
    this.#remember(known);
    this.#onAdded(known);
    this.#follow(known);
    return known;
  }

  /** A series of a pool is about to be added. False: it is one too many within a day. */
  hasRoomForPool(): boolean {
    if (this.#newPools < MAX_NEW_POOLS_A_DAY) return true;
    this.refused++;
    return false;
  }

  /** One was added. */
  countPool(): void {
    this.#newPools++;
  }

  startWindowIfDue(nowMs: number): void {
    // A clock that was set back must not make the window longer.
    if (nowMs < this.#windowUntilMs && nowMs >= this.#windowUntilMs - HOUR_MS) return;
    this.#windowUntilMs = nowMs + HOUR_MS;
    this.#window++;
    this.#counted = 0;
  }

  forgetUnseenIfDue(nowMs: number): void {
    if (nowMs < this.#forgetAtMs && nowMs >= this.#forgetAtMs - REMEMBER_MS) return;
    this.#forgetAtMs = nowMs + REMEMBER_MS;
    this.#newPools = 0;
    this.#rotate();
  }

  forgetWhere(isGone: (series: KnownSeries) => boolean): void {
    const gone = [...this.#recent.values(), ...this.#older.values()].filter(isGone);
    for (const series of gone) {
      if (this.#recent.delete(series)) this.#recentWeight -= series.weight;
      else this.#older.delete(series);
      this.#onForgotten(series);
    }
    if (gone.length > 0) this.#forgetOrder();
  }

  forgetAll(): void {
    this.#rotate();
    this.#rotate();
  }

  #remember(known: KnownSeries): void {
    this.#recent.add(known);
    this.#recentWeight += known.weight;
    known.generation = this.#generation;
    // What followed it may be forgotten by now.
    known.next = undefined;
  }

  #follow(known: KnownSeries): void {
    if (this.#last !== undefined && this.#last.next !== known) this.#last.next = known;
    this.#last = known;
  }

  #rotate(): void {
    for (const known of this.#older.values()) this.#onForgotten(known);
    this.#older = this.#recent;
    this.#recent = new SeriesTable();
    this.#recentWeight = 0;
    this.#generation++;
    this.#forgetOrder();
  }

  /** A forgotten series must not be taken for the next one. */
  #forgetOrder(): void {
    this.#last = undefined;
    for (const list of [this.#recent, this.#older]) for (const known of list.values()) known.next = undefined;
  }
}

/** Neighbours in a table have most tags in common: one copy of their texts is kept. */
function shareTexts(
  measurement: string,
  tags: readonly (string | undefined)[],
  neighbour: Series | undefined,
): readonly (string | undefined)[] {
  if (neighbour?.measurement !== measurement) return tags;
  return tags.map((tag, at) => (tag === neighbour.tags[at] ? neighbour.tags[at] : tag));
}
