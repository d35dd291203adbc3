import type { Site } from '../../../contract/inventory.ts';
import type { Inventory } from '../inventory.ts';
import { dayBefore } from './days.ts';
import { holdsOn, UnitHistory, type DatedUnit } from './unit-history.ts';

/**
 * The unit that a site was in on a day, such as 2025-06-30; undefined if the site does not say in which. The unit that is meant may be younger
 * than the day; what its code meant before is another one. Pure.
 */
export function unitOn(
  history: UnitHistory,
  { unit, formerUnits = [] }: Pick<Site, 'unit' | 'formerUnits'>,
  day: string,
): DatedUnit | undefined {
  const former = formerUnits.find(({ until }) => day < until);
  const meant = former === undefined ? history.today(unit) : history.on(former.unit, dayBefore(former.until));
  return meant !== undefined && holdsOn(meant, day) ? meant : undefined;
}

export interface UnitOfSite {
  /** As it was on the day; codes are given again to other units. */
  readonly code: string;
  readonly name: string;
}

/** By the id of each site the unit that it was in on a day, as far as the inventory says so. */
export function unitsOfSites(
  { units, formerUnits, sites }: Pick<Inventory, 'units' | 'formerUnits' | 'sites'>,
  day: string,
): ReadonlyMap<string, UnitOfSite> {
  const history = new UnitHistory(units.values(), formerUnits);
  const found = new Map<string, UnitOfSite>();
  for (const site of sites.values()) {
    const { code, name } = unitOn(history, site, day)?.unit ?? {};
    if (code !== undefined && name !== undefined) found.set(site.id, { code, name });
  }
  return found;
}
