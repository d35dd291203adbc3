import type { AgentNode, SiteNode } from './graph-nodes.ts';

/** Fewer agents that are silent together are each their own fault. */
const MIN_AGENTS = 3;

/**
 * Finds sites that are cut: at least three agents at the site and at those that are reached through it only are silent, none of them is heard,
 * and nothing there is measured well, while agents elsewhere are heard after that. What they have in common is the way to them. One that is
 * heard behind it proves that there is no cut.
 */
export class SharedSilence {
  /** Silent below, without proof yet that others are heard. */
  readonly #suspects = new Set<SiteNode>();
  readonly #onChange: (site: SiteNode) => void;
  #lastHeardMs = -Infinity;

  constructor(onChange: (site: SiteNode) => void) {
    this.#onChange = onChange;
  }

  /** There is something for `settle` to look at. */
  get hasSuspects(): boolean {
    return this.#suspects.size > 0;
  }

  /** Something of any agent has arrived. */
  noteHeard(atMs: number): void {
    if (atMs > this.#lastHeardMs) this.#lastHeardMs = atMs;
  }

  /** An agent or device of this site is heard, or no longer. */
  addHeard(site: SiteNode | undefined, change: 1 | -1): void {
    if (site !== undefined) site.heard += change;
    for (let each = site; each !== undefined; each = each.above) {
      each.heardBelow += change;
      this.#review(each);
    }
  }

  setMissed(agent: AgentNode, isMissed: boolean, nowMs: number): void {
    if (agent.isMissed === isMissed) return;
    agent.isMissed = isMissed;
    for (let each = agent.site; each !== undefined; each = each.above) {
      each.missedBelow += isMissed ? 1 : -1;
      if (isMissed) each.lastMissedMs = nowMs;
      this.#review(each);
    }
  }

  /** Those whose silence is proven by what others have sent since. */
  settle(): void {
    for (const site of this.#suspects) {
      if (this.#lastHeardMs <= site.lastMissedMs) continue;
      this.#suspects.delete(site);
      this.#set(site, true);
    }
  }

  /** The sites are other ones now. */
  forget(): void {
    this.#suspects.clear();
  }

  /** Central's time was set. */
  shift(stepMs: number): void {
    this.#lastHeardMs += stepMs;
  }

  #review(site: SiteNode): void {
    const isSilent = site.heardBelow === 0 && site.missedBelow >= MIN_AGENTS;
    if (!isSilent) {
      this.#suspects.delete(site);
      this.#set(site, false);
    } else if (!site.isCut) this.#suspects.add(site);
  }

  #set(site: SiteNode, isCut: boolean): void {
    if (site.isCut === isCut) return;
    site.isCut = isCut;
    this.#onChange(site);
  }
}
