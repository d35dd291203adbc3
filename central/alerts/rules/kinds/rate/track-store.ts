import type { Series } from '../../../../samples/series.ts';

export interface TrackLimits {
  readonly maxTracks: number;
  /** As many as one agent may have alerts. */
  readonly maxTracksPerAgent: number;
  /** Below this many an agent may have more, however many all others have. */
  readonly assuredPerAgent: number;
}

const LIMITS: TrackLimits = { maxTracks: 100_000, maxTracksPerAgent: 10_000, assuredPerAgent: 100 };
const FORGET_EVERY_MS = 3_600_000;

interface Kept<T> {
  readonly track: T;
  usedAtMs: number;
}

/**
 * What one rule remembers of series, bounded for each agent: those that it has first stay, so that an agent with too many
 * is watched in part and not by turns. What has been quiet is forgotten once an hour.
 */
export class TrackStore<T> {
  readonly #create: () => T;
  readonly #limits: TrackLimits;
  readonly #quietMs: number;
  readonly #agents = new Map<string, Map<Series, Kept<T>>>();
  #forgetAtMs = NaN;
  size = 0;

  /** A track without a row for `quietMs` would begin anew all the same. */
  constructor(create: () => T, quietMs: number, limits: TrackLimits = LIMITS) {
    this.#create = create;
    this.#quietMs = quietMs;
    this.#limits = limits;
  }

  /** `nowMs` by central's clock. Undefined: there is no room. */
  of(agent: string, series: Series, nowMs: number): T | undefined {
    // Also where central's clock was set back.
    if (!(Math.abs(nowMs - this.#forgetAtMs) < FORGET_EVERY_MS)) this.#forget(nowMs);
    let tracks = this.#agents.get(agent);
    const known = tracks?.get(series);
    if (known !== undefined) {
      known.usedAtMs = nowMs;
      return known.track;
    }
    if (!this.#hasRoom(tracks?.size ?? 0)) return undefined;
    if (tracks === undefined) this.#agents.set(agent, (tracks = new Map<Series, Kept<T>>()));
    const track = this.#create();
    tracks.set(series, { track, usedAtMs: nowMs });
    this.size++;
    return track;
  }

  #hasRoom(ofAgent: number): boolean {
    const { maxTracks, maxTracksPerAgent, assuredPerAgent } = this.#limits;
    if (ofAgent >= maxTracksPerAgent) return false;
    return this.size < maxTracks || ofAgent < assuredPerAgent;
  }

  #forget(nowMs: number): void {
    this.#forgetAtMs = nowMs;
    for (const [agent, tracks] of this.#agents) {
      for (const [series, { usedAtMs }] of tracks) {
        if (nowMs - usedAtMs > this.#quietMs && tracks.delete(series)) this.size--;
      }
      if (tracks.size === 0) this.#agents.delete(agent);
    }
  }
}
