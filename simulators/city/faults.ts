import type { CityInventory } from './city.ts';
import { hash01 } from './noise.ts';

export type FaultKind =
  | 'site_power_cut'
  | 'hub_uplink_cut'
  | 'coverage_dip'
  | 'cpu_runaway'
  | 'disk_filling'
  | 'lossy_line'
  | 'pool_nearly_full';

/** Something that goes wrong, with its ground truth. `target`: a site, a unit (coverage_dip), an agent or a pool. */
export interface Fault {
  readonly kind: FaultKind;
  readonly target: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const MINUTE_MS = 60_000;
/** Kind, start and length in minutes, within a cycle of 20 minutes. */
const SCHEDULE: readonly (readonly [FaultKind, number, number])[] = [
  ['coverage_dip', 1, 4],
  ['lossy_line', 2, 12],
  ['site_power_cut', 3, 5],
  ['pool_nearly_full', 4, 14],
  ['hub_uplink_cut', 6, 3],
  ['cpu_runaway', 1, 18],
  ['disk_filling', 5, 14],
];
const CYCLE_MS = 20 * MINUTE_MS;
const CYCLES = 72;

/** A day of incidents after `startMs`, each cycle somewhere else. Pure. */
export function defaultFaults(inventory: CityInventory, seed: number, startMs: number): Fault[] {
  return Array.from({ length: CYCLES }, (_, cycle) =>
    SCHEDULE.flatMap(([kind, fromMinute, minutes]): Fault[] => {
      const target = pick(targetsOf(kind, inventory), `${seed} ${kind}`, cycle);
      const fromMs = startMs + cycle * CYCLE_MS + fromMinute * MINUTE_MS;
      return target === undefined ? [] : [{ kind, target, fromMs, toMs: fromMs + minutes * MINUTE_MS }];
    }),
  ).flat();
}

function targetsOf(kind: FaultKind, inventory: CityInventory): string[] {
  switch (kind) {
    case 'coverage_dip':
      return inventory.units.map((unit) => unit.code);
    case 'hub_uplink_cut':
      return inventory.sites.filter((site) => site.kind === 'hub').map((site) => site.id);
    case 'site_power_cut':
    case 'lossy_line':
      return inventory.sites.filter((site) => site.kind === 'site').map((site) => site.id);
    case 'cpu_runaway':
    case 'disk_filling':
      return inventory.agents.filter((agent) => agent.kind === 'server').map((agent) => agent.id);
    case 'pool_nearly_full':
      return [...new Set(inventory.pools.map((pool) => pool.id))];
  }
}

function pick(from: readonly string[], key: string, step: number): string | undefined {
  return from[Math.floor(hash01(key, step) * from.length)];
}

/** Faults by what they hit, for quick look-ups. */
export class FaultMap {
  readonly #byTarget = new Map<string, Fault[]>();

  constructor(faults: readonly Fault[]) {
    for (const fault of faults) {
      const list = this.#byTarget.get(fault.target);
      if (list === undefined) this.#byTarget.set(fault.target, [fault]);
      else list.push(fault);
    }
  }

  active(kind: FaultKind, target: string, timeMs: number): Fault | undefined {
    return this.#byTarget
      .get(target)
      ?.find((fault) => fault.kind === kind && timeMs >= fault.fromMs && timeMs < fault.toMs);
  }
}
