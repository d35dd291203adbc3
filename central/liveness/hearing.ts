/** Agents heard within this time count; fewer than this number say nothing about central. */
const RECENT_MS = 600_000;
const MIN_AGENTS = 10;
/** More than this share of them silent at once: the fault is at central's end. */
const DEAF_SHARE = 0.9;
/** Heard again: so many of those that were lost. */
const HEARS_SHARE = 0.5;

export interface HeardAgent {
  readonly heardAtMs: number;
  readonly isSilent: boolean;
}

/** Tells the silence of nearly all agents at once, which is central's own (its network, its broker), from that of some. */
export class Hearing {
  #lostAgents: number | undefined;
  #deafSinceMs = 0;

  get isDeaf(): boolean {
    return this.#lostAgents !== undefined;
  }

  /** `agents`: those of which a sign of life is expected. */
  update(agents: Iterable<HeardAgent>, nowMs: number): boolean {
    let recent = 0;
    let silent = 0;
    let back = 0;
    for (const { heardAtMs, isSilent } of agents) {
      if (heardAtMs > this.#deafSinceMs && !isSilent) back++;
      if (nowMs - heardAtMs > RECENT_MS) continue;
      recent++;
      if (isSilent) silent++;
    }
    if (this.#lostAgents === undefined) {
      if (recent >= MIN_AGENTS && silent > recent * DEAF_SHARE) {
        this.#lostAgents = silent;
        this.#deafSinceMs = nowMs;
      }
    } else if (back >= this.#lostAgents * HEARS_SHARE) {
      this.#lostAgents = undefined;
    }
    return this.isDeaf;
  }
}
