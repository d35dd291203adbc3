import type { Inventory } from '../../inventory/inventory.ts';
import type { IncidentCounts } from './incident-view.ts';

/** How many of each kind are among `refs`, such as `device:n-1`. Pure. */
export function countCutOff(
  refs: ReadonlySet<string>,
  inventory: Pick<Inventory, 'sites' | 'devices'>,
): IncidentCounts {
  const counts = { devices: 0, sites: 0, services: 0 };
  for (const ref of refs) {
    if (ref.startsWith('device:')) counts.devices++;
    else if (ref.startsWith('site:')) counts.sites++;
    else if (ref.startsWith('service:')) counts.services++;
  }
  return { ...counts, units: unitsOf(refs, inventory).size };
}

/** Codes of the units that they are in. Pure. */
export function unitsOf(
  refs: Iterable<string>,
  { sites, devices }: Pick<Inventory, 'sites' | 'devices'>,
): ReadonlySet<string> {
  const units = new Set<string>();
  for (const ref of refs) {
    const id = ref.slice(ref.indexOf(':') + 1);
    const place = ref.startsWith('device:')
      ? devices.get(id)
      : ref.startsWith('site:')
        ? sites.get(id)
        : undefined;
    if (place !== undefined) units.add(place.unit);
  }
  return units;
}
