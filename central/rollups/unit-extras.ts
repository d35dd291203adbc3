import type { InMaintenance } from '../alerts/life/maintenance/maintenance-windows.ts';
import type { AlertPlace } from '../alerts/suppression/alert-place.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Location } from '../samples/location.ts';
import { nextTurn } from './slices.ts';

export interface UnitExtrasDeps {
  readonly inventory: Pick<Inventory, 'devices'>;
  readonly states: { momentOf(ref: string): unknown };
  readonly maintenance: { isInMaintenance(place: AlertPlace, nowMs: number): InMaintenance | undefined };
  readonly registry: { ids(): Iterable<string>; locationOf(agent: string): Location };
  readonly ledger: { completenessOf(agent: string): number | undefined };
}

export interface UnitExtras {
  /** Devices in maintenance, by unit; none of those without any. */
  readonly inMaintenance: ReadonlyMap<string, number>;
  /** The mean of the agents of a unit, 0 to 1. */
  readonly completeness: ReadonlyMap<string, number>;
}

/** Looked at between two turns of everything else: some 2 ms. */
const AT_ONCE = 1_000;

/** What the views of units lack; thousands of devices and agents are looked at, a part of them in a turn. */
export async function readUnitExtras(
  { inventory, states, maintenance, registry, ledger }: UnitExtrasDeps,
  nowMs: number,
  signal: AbortSignal,
): Promise<UnitExtras> {
  const inMaintenance = new Map<string, number>();
  await inParts(inventory.devices.values(), signal, ({ id, site, unit }) => {
    if (maintenance.isInMaintenance({ device: id, site, unit }, nowMs) === undefined) return;
    // What is not in service is counted nowhere else either.
    if (states.momentOf(`device:${id}`) !== undefined)
      inMaintenance.set(unit, (inMaintenance.get(unit) ?? 0) + 1);
  });
  const sums = new Map<string, { sum: number; agents: number }>();
  await inParts(registry.ids(), signal, (agent) => {
    const { unit } = registry.locationOf(agent);
    const ratio = unit === undefined ? undefined : ledger.completenessOf(agent);
    if (unit === undefined || ratio === undefined) return;
    const known = sums.get(unit) ?? { sum: 0, agents: 0 };
    sums.set(unit, known);
    known.sum += ratio;
    known.agents++;
  });
  const completeness = new Map([...sums].map(([unit, { sum, agents }]) => [unit, sum / agents]));
  return { inMaintenance, completeness };
}

async function inParts<T>(items: Iterable<T>, signal: AbortSignal, look: (item: T) => void): Promise<void> {
  let count = 0;
  for (const item of items) {
    if (++count % AT_ONCE === 0) await nextTurn(signal);
    look(item);
  }
}
