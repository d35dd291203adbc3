/** Agents heard within this time count; fewer than this number say nothing about central. */
const RECENT_MS = 600_000;
const MIN_AGENTS = 10;
/** More than this share of them silent at once: the fault is at central's end. */
const DEAF_SHARE = 0.9;
/** After central began to listen: agents that reconnect need time to be heard. */
const WARM_UP_MS = 60_000;
/** Heard again: so many of those that were lost. */
const HEARS_SHARE = 0.5;

export interface HeardAgent {
  readonly heardAtMs: number;
  /** Its next sign of life is overdue, which is not yet silence. */
  readonly isLate: boolean;
  readonly isSilent: boolean;
}

/** Tells the silence of nearly all agents at once, which is central's own (its network, its broker), from that of some. */
export class Hearing {
  #lostAgents: number | undefined;
  #deafSinceMs = 0;
  #isInDoubt = false;

  /** Nearly all agents are late: whether they are silent, or central is deaf, is known soon. True as well while it is. */
  get isInDoubt(): boolean {
    return this.#isInDoubt || this.isDeaf;
  }

  get isDeaf(): boolean {
    return this.#lostAgents !== undefined;
  }

  /** `agents`: those of which a sign of life is expected. Deafness begins only once central has listened for a minute. */
  update(agents: Iterable<HeardAgent>, nowMs: number, listeningSinceMs: number): boolean {
    let recent = 0;
    let late = 0;
    let silent = 0;
    let back = 0;
    for (const { heardAtMs, isLate, isSilent } of agents) {
      if (heardAtMs > this.#deafSinceMs && !isSilent) back++;
      if (nowMs - heardAtMs > RECENT_MS) continue;
      recent++;
      if (isLate) late++;
      if (isSilent) silent++;
    }
    this.#isInDoubt = recent >= MIN_AGENTS && late > recent * DEAF_SHARE;
    if (this.#lostAgents === undefined) {
      const hasListened = nowMs - listeningSinceMs >= WARM_UP_MS;
      if (hasListened && recent >= MIN_AGENTS && silent > recent * DEAF_SHARE) {
        this.#lostAgents = silent;
        this.#deafSinceMs = nowMs;
      }
    } else if (back >= this.#lostAgents * HEARS_SHARE) {
      this.#lostAgents = undefined;
    }
    return this.isDeaf;
  }
}
