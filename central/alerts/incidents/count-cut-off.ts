import { agencyOf, type OwnedThings } from '../../inventory/agency-of.ts';
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
  const units = new Set<string>();
  for (const ref of refs) {
    const { unit } = placeOf(ref, inventory);
    if (unit !== undefined) units.add(unit);
  }
  return units;
}

/** The units and sites that they are in, the agencies that own them, and the services among them. Pure. */
export function placesOf(refs: Iterable<string>, inventory: OwnedThings): CutOffPlaces {
  const places = {
    ...{ units: new Set<string>(), sites: new Set<string>() },
    ...{ agencies: new Set<string>(), services: new Set<string>() },
  };
  for (const ref of refs) {
    const { unit, site } = placeOf(ref, inventory);
    if (unit !== undefined) places.units.add(unit);
    if (site !== undefined && inventory.sites.has(site)) places.sites.add(site);
    if (ref.startsWith('service:')) places.services.add(ref.slice('service:'.length));
    const agency = agencyOf(ref, inventory);
    if (agency !== undefined) places.agencies.add(agency);
  }
  return places;
}

function placeOf(
  ref: string,
  { sites, devices }: Pick<Inventory, 'sites' | 'devices'>,
): { readonly unit: string | undefined; readonly site: string | undefined } {
  const id = ref.slice(ref.indexOf(':') + 1);
  const device = ref.startsWith('device:') ? devices.get(id) : undefined;
  const site = ref.startsWith('site:') ? id : device?.site;
  return { unit: device?.unit ?? (site === undefined ? undefined : sites.get(site)?.unit), site };
}
