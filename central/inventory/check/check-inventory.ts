import type { InventoryFile } from '../../../contract/inventory.ts';
import { cycleProblems } from './cycles.ts';
import { formerUnitProblems } from './former-units.ts';
import { lifetimeProblems, neverTogether } from './lifetimes.ts';
import { linkEndProblems } from './link-ends.ts';
import { NearestNames, NearestNamesBudget } from './nearest-names.ts';
import type { InventoryList, InventoryProblem } from './problem.ts';
import { referencesOf, type Reference } from './references.ts';
import { doubleIdProblems } from './unique-ids.ts';

/** More do not help anybody to mend an inventory, and would take time and memory without limit. */
export const MAX_MISTAKES = 5_000;

/**
 * Everything in an inventory that contradicts itself or leads nowhere, all at once: ids used twice, references to
 * nothing, cycles, dates, former units; one more than MAX_MISTAKES if there are more than these. Pure. The cost grows
 * with the number of entries and references; looking for the nearest known names is bounded. That `unread` ids do not
 * exist is no mistake.
 */
export function checkInventory(
  file: InventoryFile,
  unread: ReadonlySet<string> = new Set(),
): readonly InventoryProblem[] {
  const known = indexLists(file);
  const references = referencesOf(file);
  const broken = references.filter(({ target, id }) => !known[target].has(id) && !unread.has(id));
  const names = nearestIn(known);
  return [
    ...doubleIdProblems(file),
    ...broken.slice(0, MAX_MISTAKES + 1).map(({ target, id, ...place }) => ({
      ...place,
      message: 'no such entry',
      value: id,
      nearest: names(target).nearestTo(id),
    })),
    ...linkEndProblems(file, known.devices as ReadonlyMap<string, InventoryFile['devices'][number]>),
    ...cycleProblems(references, (reference) => ownId(file, reference)),
    ...lifetimeProblems(file),
    ...neverTogether(references, (list, id) => known[list].get(id), file),
    ...formerUnitProblems(file, names('units')),
  ].slice(0, MAX_MISTAKES + 1);
}

type Known = Readonly<Record<InventoryList, ReadonlyMap<string, object>>>;

function indexLists(file: InventoryFile): Known {
  const byId = (entries: readonly { readonly id: string }[]) =>
    new Map(entries.map((entry) => [entry.id, entry]));
  return {
    units: new Map(file.units.map((unit) => [unit.code, unit])),
    agencies: byId(file.agencies),
    sites: byId(file.sites),
    agents: byId(file.agents),
    devices: byId(file.devices),
    links: byId(file.links),
    pools: byId(file.pools),
    services: byId(file.services),
    // Nothing refers to these by an id of their own.
    formerUnits: new Map(),
    interfaces: new Map(),
  };
}

/** The index of names of a list is made when the first mistake needs it. */
function nearestIn(known: Known): (list: InventoryList) => NearestNames {
  const made = new Map<InventoryList, NearestNames>();
  const budget = new NearestNamesBudget();
  return (list) => {
    const names = made.get(list) ?? new NearestNames(known[list].keys(), budget);
    made.set(list, names);
    return names;
  };
}

function ownId(file: InventoryFile, { list, at }: Reference): string {
  const entry = file[list][at] as { readonly id?: string } | undefined;
  return entry?.id ?? '';
}
