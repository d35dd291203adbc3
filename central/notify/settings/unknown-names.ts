import { nearestName } from '../../../runtime/nearest-name.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Route } from '../route/should-tell.ts';
import { ROUTES_FILE } from './read-routes.ts';

export type NamedThings = Pick<Inventory, 'units' | 'sites' | 'agencies' | 'services'>;

const LISTS = [
  ['units', 'unit'],
  ['sites', 'site'],
  ['agencies', 'agency'],
  ['services', 'service'],
] as const;

/** Each is compared with all names of its list; whoever reads them mends these first. */
const MOST_TOLD = 20;

/**
 * What routes name and the inventory does not have: such a route takes less than it is meant to. No errors, because the inventory
 * changes while central runs, and a start must not fail by it. Pure.
 */
export function unknownNames(
  routes: readonly Pick<Route, (typeof LISTS)[number][0]>[],
  inventory: NamedThings,
): readonly string[] {
  const problems: string[] = [];
  let more = 0;
  routes.forEach((route, at) => {
    for (const [list, kind] of LISTS)
      route[list]?.forEach((name, index) => {
        if (inventory[list].has(name)) return;
        if (problems.length >= MOST_TOLD) {
          more++;
          return;
        }
        const nearest = nearestName(name, [...inventory[list].keys()]);
        const hint = nearest === undefined ? '' : `, did you mean "${nearest}"?`;
        problems.push(
          `${ROUTES_FILE}: routes[${at}].${list}[${index}]: the inventory has no ${kind} "${name}"${hint}`,
        );
      });
  });
  if (more > 0) problems.push(`${ROUTES_FILE}: ${more} more names that the inventory does not have`);
  return problems;
}
