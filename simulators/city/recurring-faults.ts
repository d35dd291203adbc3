import type { InventoryFile } from '../../contract/inventory.ts';
import type { Fault, FaultKind, Faults, FaultTrack, RecurringKind } from './faults.ts';
import { chance, seedOf } from './noise.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

interface Recurrence {
  /** Mean time between two faults anywhere in the city, for any size with more than a day's worth of targets. */
  readonly everyMinutes: number;
  readonly minMinutes: number;
  readonly maxMinutes: number;
  /** Time without faults after it at the same target; enough for a battery to recharge. */
  readonly restMinutes: number;
}

/**
 * Faults that a shipped rule should detect outlast its `for` (cpu 15 min, disk 30 min, pool 1 h, loss 10 min), including
 * the rise of the fault. Power cuts are shorter or longer than the batteries last.
 */
export const RECURRENCES: Readonly<Record<RecurringKind, Recurrence>> = {
  coverage_dip: { everyMinutes: 20, minMinutes: 1, maxMinutes: 8, restMinutes: 10 },
  radio_fallback: { everyMinutes: 20, minMinutes: 2, maxMinutes: 25, restMinutes: 10 },
  lossy_line: { everyMinutes: 30, minMinutes: 14, maxMinutes: 45, restMinutes: 60 },
  node_reboot: { everyMinutes: 60, minMinutes: 2, maxMinutes: 5, restMinutes: 60 },
  site_power_cut: { everyMinutes: 60, minMinutes: 10, maxMinutes: 120, restMinutes: 600 },
  hub_uplink_cut: { everyMinutes: 180, minMinutes: 3, maxMinutes: 20, restMinutes: 60 },
  cpu_runaway: { everyMinutes: 60, minMinutes: 25, maxMinutes: 75, restMinutes: 60 },
  disk_filling: { everyMinutes: 120, minMinutes: 80, maxMinutes: 180, restMinutes: 60 },
  pool_nearly_full: { everyMinutes: 720, minMinutes: 90, maxMinutes: 240, restMinutes: 240 },
};

/** A span without faults: those that would overlap it are left out. */
export interface Quiet {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The faults of a normal city. The time of each target is divided into spans of at least a day, with one fault of each kind
 * per span: start and duration are random by seed, kind, target and span. So the faults at any time are computed without a
 * list, and every day differs.
 */
export function recurringFaults(inventory: InventoryFile, seed: number, quiet?: Quiet): Faults {
  const kinds = Object.keys(RECURRENCES) as RecurringKind[];
  const targets = new Map(kinds.map((kind) => [kind, new Set(targetsOf(kind, inventory))]));
  const recurring = (kind: RecurringKind, target: string, of: number): RecurringTrack =>
    new RecurringTrack({ seed, kind, target, targets: of, quiet });
  return {
    track: (kind, target) => {
      const all = isRecurring(kind) ? targets.get(kind) : undefined;
      return isRecurring(kind) && all?.has(target) === true ? recurring(kind, target, all.size) : NEVER;
    },
    between: (fromMs, toMs) =>
      [...targets]
        .flatMap(([kind, all]) =>
          [...all].flatMap((target) => recurring(kind, target, all.size).between(fromMs, toMs)),
        )
        .sort((a, b) => a.fromMs - b.fromMs),
  };
}

function isRecurring(kind: FaultKind): kind is RecurringKind {
  return kind in RECURRENCES;
}

const NEVER: FaultTrack = { at: () => undefined, endedBy: () => undefined };

interface TrackOptions {
  readonly seed: number;
  readonly kind: RecurringKind;
  readonly target: string;
  /** How many targets share the city's faults of this kind. */
  readonly targets: number;
  readonly quiet: Quiet | undefined;
}

class RecurringTrack implements FaultTrack {
  readonly #options: TrackOptions;
  readonly #seed: number;
  /** Shifts the spans of different targets. */
  readonly #phase: number;
  readonly #spanMs: number;
  /** Cache of the last span. */
  #last: { readonly span: number; readonly fault: Fault | undefined } | undefined;

  constructor(options: TrackOptions) {
    const { seed, kind, target, targets } = options;
    this.#options = options;
    this.#seed = seedOf(`${seed} ${kind} ${target}`);
    this.#phase = chance(this.#seed, 0);
    this.#spanMs = Math.max(DAY_MS, RECURRENCES[kind].everyMinutes * MINUTE_MS * targets);
  }

  at(timeMs: number): Fault | undefined {
    const span = this.#spanAt(timeMs);
    if (this.#last?.span !== span) this.#last = { span, fault: this.#make(span) };
    const { fault } = this.#last;
    return fault !== undefined && timeMs >= fault.fromMs && timeMs < fault.toMs ? fault : undefined;
  }

  endedBy(timeMs: number): Fault | undefined {
    const span = this.#spanAt(timeMs);
    // A quiet span may have removed one of them.
    for (const candidate of [span, span - 1, span - 2]) {
      const fault = this.#make(candidate);
      if (fault !== undefined && fault.toMs <= timeMs) return fault;
    }
    return undefined;
  }

  between(fromMs: number, toMs: number): Fault[] {
    const found: Fault[] = [];
    for (let span = this.#spanAt(fromMs); span <= this.#spanAt(toMs); span++) {
      const fault = this.#make(span);
      if (fault !== undefined && fault.fromMs < toMs && fault.toMs > fromMs) found.push(fault);
    }
    return found;
  }

  #spanAt(timeMs: number): number {
    return Math.floor(timeMs / this.#spanMs + this.#phase);
  }

  #make(span: number): Fault | undefined {
    const { kind, target, quiet } = this.#options;
    const { minMinutes, maxMinutes, restMinutes } = RECURRENCES[kind];
    const minutes = minMinutes + (maxMinutes - minMinutes) * chance(this.#seed, 2 * span + 1);
    const roomMs = this.#spanMs - (maxMinutes + restMinutes) * MINUTE_MS;
    const spanFromMs = (span - this.#phase) * this.#spanMs;
    const fromMs = Math.ceil(spanFromMs + roomMs * chance(this.#seed, 2 * span + 2));
    const toMs = fromMs + Math.round(minutes * MINUTE_MS);
    if (quiet !== undefined && fromMs < quiet.toMs && toMs > quiet.fromMs) return undefined;
    return { kind, target, fromMs, toMs };
  }
}

/** What faults of a kind may be at. */
export function targetsOf(kind: RecurringKind, inventory: InventoryFile): string[] {
  switch (kind) {
    case 'coverage_dip':
      return inventory.units.map((unit) => unit.code);
    case 'hub_uplink_cut':
      return inventory.sites.filter((site) => site.kind === 'hub').map((site) => site.id);
    case 'site_power_cut':
    case 'node_reboot':
    case 'lossy_line':
    case 'radio_fallback':
      return inventory.sites.filter((site) => site.kind === 'site').map((site) => site.id);
    case 'cpu_runaway':
    case 'disk_filling':
      return inventory.agents.filter((agent) => agent.kind === 'server').map((agent) => agent.id);
    case 'pool_nearly_full':
      return [...new Set(inventory.pools.map((pool) => pool.id))];
  }
}
