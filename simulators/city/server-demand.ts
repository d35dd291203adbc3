import { surge, surgeSumS } from './noise.ts';
import { officeLoad, officeWorkS } from './rhythm.ts';

const SURGE_MS = 5 * 60_000;

export interface Demand {
  /** Demanded work, as a share of the machine. */
  at(timeMs: number): number;
  /** Its integral, in seconds of full load; never falls. */
  workS(timeMs: number): number;
}

/** A base load, office load by day, and surges. */
export function createDemand(seed: number, size: number): Demand {
  return {
    at: (timeMs) => 0.1 + 0.6 * size * officeLoad(timeMs) + 0.08 * surge(seed, timeMs, SURGE_MS),
    workS: (timeMs) =>
      0.1 * (timeMs / 1_000) + 0.6 * size * officeWorkS(timeMs) + 0.08 * surgeSumS(seed, timeMs, SURGE_MS),
  };
}
