import { chance, drift, seedOf } from './noise.ts';
import type { SiteMoment } from './site-moment.ts';

const MINUTE_MS = 60_000;

/** State of a line at one instant, the same for everything that probes it. */
export interface LineState {
  /** Probability that a packet is lost, 0…1. */
  readonly loss: number;
  readonly rttMs: number;
  /** Delay variation. */
  readonly spreadMs: number;
}

export type LineAt = (moment: SiteMoment) => LineState;

/** Each line has its own length and noise; delay and loss grow with load, and with a lossy-line fault. */
export function createLine(key: string): LineAt {
  const seed = seedOf(`${key}r`);
  const baseMs = 4 + 6 * chance(seedOf(`${key}d`), 0);
  return ({ timeMs, busy, isLineLossy }) => {
    const noise = drift(seed, timeMs, MINUTE_MS);
    const queueing = 25 * busy ** 3;
    return {
      loss: isLineLossy ? 0.15 + 0.03 * noise : 0.0001 + (busy > 0.8 ? 0.01 * (busy - 0.8) : 0),
      rttMs: baseMs + queueing + (isLineLossy ? 60 : 0) + noise,
      spreadMs: 0.5 + 4 * busy + (isLineLossy ? 25 : 0) + 0.2 * noise,
    };
  };
}

/** Number of lost packets of `sent`, on average the share `loss`. */
export function lostPackets(sent: number, loss: number, seed: number, timeMs: number): number {
  return Math.min(sent, Math.floor(sent * loss + chance(seed, Math.floor(timeMs / 1_000))));
}
