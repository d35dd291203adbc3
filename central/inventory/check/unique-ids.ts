import type { InventoryFile } from '../../../contract/inventory.ts';
import type { InventoryList, InventoryProblem } from './problem.ts';

/** What must not come twice in a list. */
const KEYS: { readonly [List in InventoryList]?: readonly (keyof InventoryFile[List][number] & string)[] } = {
  units: ['code'],
  formerUnits: ['code', 'name', 'district', 'until'],
  agencies: ['id'],
  sites: ['id'],
  agents: ['id'],
  devices: ['id'],
  interfaces: ['device', 'name'],
  links: ['id'],
  pools: ['id', 'resource'],
  services: ['id'],
};

/** Entries that name themselves as one before them does; a device in two sites is one of them. Pure. */
export function doubleIdProblems(file: InventoryFile): readonly InventoryProblem[] {
  return (Object.keys(KEYS) as InventoryList[]).flatMap((list) =>
    doublesIn(list, file[list], KEYS[list] ?? []),
  );
}

function doublesIn(
  list: InventoryList,
  entries: readonly object[],
  keys: readonly string[],
): readonly InventoryProblem[] {
  const first = new Map<string, number>();
  return entries.flatMap((entry, at) => {
    const fields = entry as Readonly<Record<string, string | undefined>>;
    const value = keys.map((key) => fields[key] ?? '').join(' ');
    const earlier = first.get(value);
    if (earlier === undefined) {
      first.set(value, at);
      return [];
    }
    const sites = [(entries[earlier] as { site?: string }).site, fields.site];
    const where =
      list === 'devices' && sites[0] !== sites[1] ? ` in one site, not in ${sites.join(' and in ')}` : '';
    const message = `expected a unique ${keys.join(', ')}${where}`;
    return [{ list, at, field: keys.at(0) ?? '', message, value, first: { list, at: earlier } }];
  });
}
