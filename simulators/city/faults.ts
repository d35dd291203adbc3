/** Of a normal city, day after day. */
export type RecurringKind =
  | 'site_power_cut'
  | 'hub_uplink_cut'
  | 'node_reboot'
  | 'coverage_dip'
  | 'radio_fallback'
  | 'lossy_line'
  | 'cpu_runaway'
  | 'disk_filling'
  | 'pool_nearly_full';

/** Of scenarios: `simulators/staging/`. */
export type StagedKind =
  | 'port_flapping'
  | 'port_storm'
  | 'port_errors'
  | 'line_slow'
  | 'line_saturated'
  | 'operator_brownout'
  | 'submarine_cable_cut'
  | 'modem_bad'
  | 'modem_refused'
  | 'cell_backhaul_cut'
  | 'ups_overload'
  | 'server_lost'
  | 'server_hot'
  | 'noisy_neighbour'
  | 'memory_leak'
  | 'service_slow'
  | 'service_down'
  | 'certificate_expiring'
  | 'certificate_wrong_name'
  | 'gateway_dead'
  | 'gateway_clock_wrong'
  | 'rubbish_flood'
  | 'spoofed_device'
  | 'centre_cut_off'
  | 'central_store_away'
  | 'central_paused'
  | 'central_clock_wrong';

export type FaultKind = RecurringKind | StagedKind;

/** A fault, as ground truth. `target`: a site, a unit (coverage_dip), an agent or a pool; of staged ones see `EFFECTS`. */
export interface Fault {
  readonly kind: FaultKind;
  readonly target: string;
  readonly fromMs: number;
  /** Exclusive. For a power cut: when mains power is back. */
  readonly toMs: number;
  /** Until it has its full effect; without it as its kind has it. */
  readonly riseMs?: number;
  /** Of what comes and goes: it is there in the first half of each. */
  readonly periodMs?: number;
  /** How strong, in the unit of its kind. */
  readonly amount?: number;
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

/** Share of its full effect, 0…1, for a fault that takes `usualRiseMs` to develop, unless it says otherwise. */
export function riseShare({ fromMs, riseMs }: Fault, timeMs: number, usualRiseMs: number): number {
  return Math.min(1, (timeMs - fromMs) / (riseMs ?? usualRiseMs));
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
