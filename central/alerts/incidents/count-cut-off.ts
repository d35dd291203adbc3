import type { Inventory } from '../../inventory/inventory.ts';
import type { CutOffPlaces, IncidentCounts } from './incident-view.ts';

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
  inventory: Pick<Inventory, 'sites' | 'devices'>,
): ReadonlySet<string> {
  return placesOf(refs, inventory).units;
}

/** The units and sites that they are in. Pure. */
export function placesOf(
  refs: Iterable<string>,
  { sites, devices }: Pick<Inventory, 'sites' | 'devices'>,
): CutOffPlaces {
  const places = { units: new Set<string>(), sites: new Set<string>() };
  for (const ref of refs) {
    const id = ref.slice(ref.indexOf(':') + 1);
    const device = ref.startsWith('device:') ? devices.get(id) : undefined;
    const site = ref.startsWith('site:') ? id : device?.site;
    const unit = device?.unit ?? (site === undefined ? undefined : sites.get(site)?.unit);
    if (unit !== undefined) places.units.add(unit);
    if (site !== undefined && sites.has(site)) places.sites.add(site);
  }
  return places;
}
