import type { Fault, FaultTrack } from './faults.ts';
import { chance, seedOf } from './noise.ts';
import { officeLoad } from './rhythm.ts';

const MINUTE_MS = 60_000;
const RECHARGE_MS = 360 * MINUTE_MS;

/** Mains and battery of a site. A battery counts as full when a cut begins. */
export interface SitePower {
  isOnBattery(timeMs: number): Fault | undefined;
  /** No mains, and no battery or an empty one: nothing at the site runs. */
  isDark(timeMs: number): boolean;
  /** When power last returned after an outage, if that was after `notBeforeMs`; otherwise `notBeforeMs`. */
  poweredSinceMs(timeMs: number, notBeforeMs: number): number;
  /** 0…100. */
  chargePct(timeMs: number): number;
  /** Remaining battery time. */
  runtimeMinutes(timeMs: number): number;
  /** Load ÷ rated power. */
  loadPct(timeMs: number): number;
}

export function createSitePower(
  key: string,
  cuts: FaultTrack,
  { hasBattery }: { readonly hasBattery: boolean },
): SitePower {
  // At 40 % load; shorter at higher load.
  const ratedMinutes = hasBattery ? 25 + 35 * chance(seedOf(`${key} battery`), 0) : 0;
  const loadPct = (timeMs: number): number => 30 + 20 * officeLoad(timeMs);
  const fullMinutes = (timeMs: number): number => (ratedMinutes * 40) / loadPct(timeMs);
  const drainMs = (cut: Fault): number => fullMinutes(cut.fromMs) * MINUTE_MS;
  const chargeInCut = (cut: Fault, timeMs: number): number =>
    100 * Math.max(0, 1 - (timeMs - cut.fromMs) / drainMs(cut));
  const chargePct = (timeMs: number): number => {
    const cut = cuts.at(timeMs);
    if (cut !== undefined) return chargeInCut(cut, timeMs);
    const last = cuts.endedBy(timeMs);
    if (last === undefined) return 100;
    return Math.min(100, chargeInCut(last, last.toMs) + (100 * (timeMs - last.toMs)) / RECHARGE_MS);
  };
  return {
    isOnBattery: (timeMs) => cuts.at(timeMs),
    isDark: (timeMs) => {
      const cut = cuts.at(timeMs);
      return cut !== undefined && timeMs - cut.fromMs >= drainMs(cut);
    },
    poweredSinceMs: (timeMs, notBeforeMs) => {
      let cut = cuts.endedBy(timeMs);
      while (cut !== undefined && cut.toMs > notBeforeMs) {
        if (cut.toMs - cut.fromMs > drainMs(cut)) return cut.toMs;
        cut = cuts.endedBy(cut.fromMs);
      }
      return notBeforeMs;
    },
    chargePct,
    runtimeMinutes: (timeMs) => {
      const cut = cuts.at(timeMs);
      return (fullMinutes(cut?.fromMs ?? timeMs) * chargePct(timeMs)) / 100;
    },
    loadPct,
  };
}
