import { CANARY_AGENT } from '../../contract/topics.ts';

export interface BatchCounts {
  readonly stored: number;
  /** Declared lost, or missing. */
  readonly lost: number;
}

/** An agent that claims losses which nothing it ever sent makes plausible. */
export interface ImplausibleAgent extends BatchCounts {
  readonly agent: string;
}

export interface CityCompleteness {
  /** The mean of the agents' completeness, 0 to 1; undefined: no batch is known yet. */
  readonly ratio: number | undefined;
  /** Left out of the mean, by name. */
  readonly implausible: readonly ImplausibleAgent[];
}

/** More than a day of batches, one every 10 s: a new agent may have lost as much before it first reached central. */
export const ALWAYS_PLAUSIBLE = 10_000;
/** An agent that worked for a month may be cut off for most of a year. */
const MOST_LOST_PER_STORED = 10;

export function isPlausible({ stored, lost }: BatchCounts): boolean {
  return lost <= Math.max(ALWAYS_PLAUSIBLE, MOST_LOST_PER_STORED * stored);
}

/**
 * Pure. Each agent counts alike, however many batches it claims to have sent or lost: what one agent says cannot spoil
 * the figure by more than its own part of the city.
 */
export function cityCompleteness(
  agents: Iterable<readonly [agent: string, counts: BatchCounts]>,
): CityCompleteness {
  const implausible: ImplausibleAgent[] = [];
  let sum = 0;
  let count = 0;
  for (const [agent, counts] of agents) {
    const { stored, lost } = counts;
    if (stored + lost === 0 || agent === CANARY_AGENT) continue;
    if (isPlausible(counts)) {
      sum += stored / (stored + lost);
      count++;
    } else {
      implausible.push({ agent, stored, lost });
    }
  }
  return { ratio: count === 0 ? undefined : sum / count, implausible };
}
