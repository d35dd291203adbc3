import type { InventoryFile } from '../../../contract/inventory.ts';
import type { InventoryList, Place } from './problem.ts';

/** One entry that names another. */
export interface Reference extends Place {
  /** The list that the named entry must be in. */
  readonly target: InventoryList;
  /** Its id (or code). */
  readonly id: string;
}

type Fields<Entry> = Readonly<Partial<Record<keyof Entry & string, InventoryList>>>;

/** Which field of which list names an entry of which list. */
const FIELDS: { readonly [List in InventoryList]?: Fields<InventoryFile[List][number]> } = {
  sites: { unit: 'units', parents: 'sites', agency: 'agencies' },
  agents: { site: 'sites', unit: 'units', agency: 'agencies' },
  devices: {
    site: 'sites',
    unit: 'units',
    agent: 'agents',
    otherAgents: 'agents',
    parents: 'devices',
    agency: 'agencies',
  },
  interfaces: { device: 'devices', link: 'links' },
  links: { agency: 'agencies' },
  pools: { site: 'sites', agents: 'agents', agency: 'agencies' },
  services: { agency: 'agencies' },
};

const LINK_END: Fields<InventoryFile['links'][number]['ends'][number]> = {
  site: 'sites',
  device: 'devices',
};

const TARGET_OF_NEED: Readonly<Record<string, InventoryList>> = {
  device: 'devices',
  site: 'sites',
  link: 'links',
  pool: 'pools',
  service: 'services',
};

/** Every reference from one entry to another, but those to former units, which need a day. Pure. */
export function referencesOf(file: InventoryFile): readonly Reference[] {
  const found: Reference[] = [];
  for (const list of Object.keys(FIELDS) as InventoryList[]) {
    const fields = Object.entries(FIELDS[list] ?? {});
    file[list].forEach((entry, at) => addFields(found, { list, at, prefix: '' }, entry, fields));
  }
  const ends = Object.entries(LINK_END);
  file.links.forEach((link, at) =>
    link.ends.forEach((end, side) =>
      addFields(found, { list: 'links', at, prefix: `ends[${side}].` }, end, ends),
    ),
  );
  file.services.forEach(({ needs }, at) =>
    needs.forEach((need, position) => {
      for (const name of typeof need === 'string' ? [need] : need.anyOf) {
        const { target, id } = readNeed(name);
        if (target !== undefined)
          found.push({ list: 'services', at, field: `needs[${position}]`, target, id });
      }
    }),
  );
  return found;
}

/** `device:sbc-1` names `sbc-1` of `devices`. */
function readNeed(name: string): { readonly target: InventoryList | undefined; readonly id: string } {
  const colon = name.indexOf(':');
  return { target: TARGET_OF_NEED[name.slice(0, colon)], id: name.slice(colon + 1) };
}

function addFields(
  found: Reference[],
  { list, at, prefix }: { readonly list: InventoryList; readonly at: number; readonly prefix: string },
  entry: object,
  fields: readonly (readonly [string, InventoryList])[],
): void {
  const values = entry as Readonly<Record<string, string | readonly string[] | undefined>>;
  for (const [field, target] of fields) {
    const value = values[field];
    if (value === undefined) continue;
    for (const id of typeof value === 'string' ? [value] : value)
      found.push({ list, at, field: `${prefix}${field}`, target, id });
  }
}
