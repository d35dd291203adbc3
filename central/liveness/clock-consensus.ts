/** What the agents' clocks say of central's. */
export interface Consensus {
  /** Central's clock minus theirs, transit included, ms. */
  readonly offsetMs: number;
  readonly agents: number;
}

/** Fewer agents outvote nobody. */
const QUORUM = 3;
/** Clocks this near to each other agree. */
export const CLOCK_BOUND_MS = 60_000;

/** Pure. The median of central's clock minus each agent's; undefined: too few agents, or no majority that agrees. */
export function consensusOf(offsetsMs: readonly number[]): Consensus | undefined {
  if (offsetsMs.length < QUORUM) return undefined;
  // Thousands, each second: sorted as numbers, without a call for each two of them.
  const sorted = Float64Array.from(offsetsMs).sort();
  const offsetMs = sorted[sorted.length >> 1] ?? 0;
  const agreeing = sorted.filter((each) => Math.abs(each - offsetMs) <= CLOCK_BOUND_MS).length;
  return agreeing * 2 > sorted.length ? { offsetMs, agents: agreeing } : undefined;
}
