import { LEAST_SILENCE_MS, type Cut } from './cut-watch.ts';
import type { EntityTrack } from './entity-track.ts';

/** More cuts while the backlog of the first is not judged are one with the last. */
const MAX_CUTS = 16;
/** Of an agent; beyond, they are not counted. */
const MAX_REFUSED = 10_000;
/** What was on its way when the cut began comes with the backlog. */
const ON_ITS_WAY_MS = 60_000;

/** An agent that was cut off and is heard again, until its backlog is judged. */
export class AgentTrack {
  readonly agent: string;
  readonly openedAtMs: number;
  readonly cuts: Cut[];
  readonly entities = new Map<string, EntityTrack>();
  readonly #refused = new Set<string>();
  /** The cut that the backlog has reached. */
  reached: Cut | undefined;
  /** Only backlog has come since the last of the cuts began: its end is not known. */
  isCutOff = false;
  /** It still holds backlog, as far as is known. */
  isAwaited = false;
  lastLiveMs: number;
  /** By central's clock; the begin before the first batch. */
  lastBackfillMs: number;
  settleAtMs = 0;
  /** Those that were written last have the highest; 0: never. */
  savedTurn = 0;
  /** `lastLiveMs` as it was written last. */
  savedLiveMs: number | undefined;
  isDirty = true;

  /** Since when it was heard before the first of its cuts, Unix ms: what was measured before that is of a cut that is done with. */
  readonly heardSinceMs: number;

  constructor(agent: string, cuts: readonly Cut[], openedAtMs: number, heardSinceMs = 0) {
    this.agent = agent;
    this.cuts = [...cuts];
    this.openedAtMs = openedAtMs;
    this.heardSinceMs = heardSinceMs;
    this.lastLiveMs = openedAtMs;
    this.lastBackfillMs = openedAtMs;
  }

  addCut(cut: Cut): void {
    const merged = this.cuts.length >= MAX_CUTS ? this.cuts.pop() : undefined;
    this.cuts.push(merged === undefined ? cut : { ...cut, fromMs: merged.fromMs });
    this.isDirty = true;
  }

  /** Notes that there is no room for an entity; false: that is known. */
  refuse(key: string): boolean {
    if (this.#refused.size >= MAX_REFUSED || this.#refused.has(key)) return false;
    this.#refused.add(key);
    return true;
  }

  /** The last cut goes on up to the end of `cut`. */
  extendCut(cut: Cut): void {
    const last = this.cuts.pop();
    const extended = { ...cut, fromMs: last?.fromMs ?? cut.fromMs };
    this.cuts.push(extended);
    if (this.reached === last) this.reached = extended;
    this.isDirty = true;
  }

  /**
   * The cut that a time lies in, or undefined. What was on its way when it began is part of it, and what was measured as it ended: a batch
   * of backlog may overlap the first live one.
   */
  cutOf(timeMs: number): Cut | undefined {
    const next = this.cuts.findIndex(({ toMs }) => timeMs < toMs);
    const cut = this.cuts[next];
    if (cut !== undefined && timeMs >= cut.fromMs - ON_ITS_WAY_MS) return cut;
    const before = this.cuts.at(next < 0 ? -1 : next - 1);
    return before !== undefined && timeMs >= before.toMs && timeMs <= before.toMs + LEAST_SILENCE_MS
      ? before
      : undefined;
  }
}

/** Of an entity among those of an agent. */
export function trackKey(rule: string, entityKey: string): string {
  return `${rule}\n${entityKey}`;
}
