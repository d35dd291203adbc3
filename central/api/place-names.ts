import { z } from 'zod';
import type { Inventory } from '../inventory/inventory.ts';

export interface PlaceNameDeps {
  readonly inventory: Pick<Inventory, 'units' | 'sites'>;
}

const unitName = z.string().exactOptional().describe('name of the unit; not there if the inventory lacks it');
const siteName = z.string().exactOptional().describe('name of the site; not there if the inventory lacks it');

/** What stands beside a code of a unit and the id of a site, so that nobody has to look them up at night. */
export const placeNameShape = { unitName, siteName };
export const unitNameShape = { unitName };

interface Place {
  readonly unit?: string | undefined;
  readonly site?: string | undefined;
}

export function placeNames(deps: PlaceNameDeps, place: Place): { unitName?: string; siteName?: string } {
  const site = deps.inventory.sites.get(place.site ?? '')?.name;
  return { ...unitNames(deps, place), ...(site !== undefined && { siteName: site }) };
}

export function unitNames(
  { inventory }: { readonly inventory: Pick<Inventory, 'units'> },
  { unit }: Place,
): { unitName?: string } {
  const name = inventory.units.get(unit ?? '')?.name;
  return name === undefined ? {} : { unitName: name };
}
