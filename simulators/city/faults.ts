export type FaultKind =
  | 'site_power_cut'
  | 'hub_uplink_cut'
  | 'node_reboot'
  | 'coverage_dip'
  | 'radio_fallback'
  | 'lossy_line'
  | 'cpu_runaway'
  | 'disk_filling'
  | 'pool_nearly_full';

/** A fault, as ground truth. `target`: a site, a unit (coverage_dip), an agent or a pool. */
export interface Fault {
  readonly kind: FaultKind;
  readonly target: string;
  readonly fromMs: number;
  /** Exclusive. For a power cut: when mains power is back. */
  readonly toMs: number;
}

/** The faults of one kind at one target; no two of them overlap. */
export interface FaultTrack {
  /** The fault that is active at this time. */
  at(timeMs: number): Fault | undefined;
  /** The last fault that had ended by then. */
  endedBy(timeMs: number): Fault | undefined;
}

export interface Faults {
  track(kind: FaultKind, target: string): FaultTrack;
  /** All that overlap the span, by their start. */
  between(fromMs: number, toMs: number): readonly Fault[];
}

/** Share of its full effect, 0…1, for a fault that takes `riseMs` to develop. */
export function riseShare(fault: Fault, timeMs: number, riseMs: number): number {
  return Math.min(1, (timeMs - fault.fromMs) / riseMs);
}

/** Faults from a list. */
export function listedFaults(list: readonly Fault[]): Faults {
  const byStart = [...list].sort((a, b) => a.fromMs - b.fromMs);
  return {
    track: (kind, target) => {
      const own = byStart.filter((fault) => fault.kind === kind && fault.target === target);
      return {
        at: (timeMs) => own.find((fault) => timeMs >= fault.fromMs && timeMs < fault.toMs),
        endedBy: (timeMs) => own.findLast((fault) => fault.toMs <= timeMs),
      };
    },
    between: (fromMs, toMs) => byStart.filter((fault) => fault.fromMs < toMs && fault.toMs > fromMs),
  };
}
