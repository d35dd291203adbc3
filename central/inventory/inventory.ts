import {
  emptyInventoryFile,
  inventorySchema,
  type Agency,
  type Device,
  type ExpectedAgent,
  type FormerUnit,
  type InventoryFile,
  type Link,
  type NamedInterface,
  type Pool,
  type Service,
  type Site,
  type Unit,
} from '../../contract/inventory.ts';
import { checkConfig, loadConfig } from '../../runtime/config.ts';
import { EXIT, UserError } from '../../runtime/errors.ts';

/** What should exist, indexed by id. It may change while central runs (`LiveInventory`): ask for a map each time. */
export interface Inventory {
  readonly units: ReadonlyMap<string, Unit>;
  readonly formerUnits: readonly FormerUnit[];
  readonly agencies: ReadonlyMap<string, Agency>;
  readonly sites: ReadonlyMap<string, Site>;
  readonly agents: ReadonlyMap<string, ExpectedAgent>;
  readonly devices: ReadonlyMap<string, Device>;
  readonly interfaces: readonly NamedInterface[];
  readonly links: ReadonlyMap<string, Link>;
  readonly pools: readonly Pool[];
  readonly services: ReadonlyMap<string, Service>;
}

export const EMPTY_INVENTORY: Inventory = indexInventory('inventory', emptyInventoryFile());

/** Throws a UserError (exit 2) that lists every problem. */
export function loadInventory(file: string): Inventory {
  return indexInventory(file, loadConfig(file, inventorySchema));
}

/** As `loadInventory`, for a value that did not come from a file; `source` names it in errors. */
export function readInventory(source: string, value: unknown): Inventory {
  return indexInventory(source, checkConfig(source, value, inventorySchema));
}

/** Every reference must lead to an entry. */
function indexInventory(source: string, file: InventoryFile): Inventory {
  const problems: string[] = [];
  const inventory: Inventory = {
    units: indexBy('code', 'units', file.units, problems),
    formerUnits: file.formerUnits,
    agencies: indexBy('id', 'agencies', file.agencies, problems),
    sites: indexBy('id', 'sites', file.sites, problems),
    agents: indexBy('id', 'agents', file.agents, problems),
    devices: indexBy('id', 'devices', file.devices, problems),
    interfaces: file.interfaces,
    links: indexBy('id', 'links', file.links, problems),
    pools: file.pools,
    services: indexBy('id', 'services', file.services, problems),
  };
  const { units, agencies, sites, agents, devices, links } = inventory;
  problems.push(
    ...brokenReferences('sites', file.sites, { unit: units, parents: sites, agency: agencies }),
    ...brokenReferences('agents', file.agents, { site: sites, unit: units, agency: agencies }),
    ...brokenReferences('devices', file.devices, {
      site: sites,
      unit: units,
      agent: agents,
      otherAgents: agents,
      parents: devices,
      agency: agencies,
    }),
    ...brokenReferences('interfaces', file.interfaces, { device: devices, link: links }),
    ...file.links.flatMap(({ ends }, at) =>
      brokenReferences(`links[${at}].ends`, ends, { site: sites, device: devices }),
    ),
    ...brokenReferences('links', file.links, { agency: agencies }),
    ...brokenReferences('pools', file.pools, { site: sites, agency: agencies }),
    ...brokenReferences('services', file.services, { agency: agencies }),
    ...brokenNeeds(file.services, inventory),
  );
  if (problems.length === 0) return inventory;
  throw new UserError(
    EXIT.badConfig,
    problems.map((problem) => `${source}: ${problem}`),
  );
}

function indexBy<Key extends string, Entry extends Readonly<Record<Key, string>>>(
  key: Key,
  list: string,
  entries: readonly Entry[],
  problems: string[],
): Map<string, Entry> {
  const index = new Map<string, Entry>();
  entries.forEach((entry, at) => {
    if (index.has(entry[key]))
      problems.push(`${list}[${at}].${key}: expected a unique ${key}, got "${entry[key]}" again`);
    index.set(entry[key], entry);
  });
  return index;
}

function brokenReferences<Field extends string>(
  list: string,
  entries: readonly { readonly [field in NoInfer<Field>]?: string | readonly string[] | undefined }[],
  targets: Readonly<Record<Field, ReadonlyMap<string, unknown>>>,
): string[] {
  const fields = Object.keys(targets) as Field[];
  return entries.flatMap((entry, at) =>
    fields.flatMap((field) =>
      [entry[field] ?? []]
        .flat()
        .filter((target) => !targets[field].has(target))
        .map((target) => `${list}[${at}].${field}: no such entry, got "${target}"`),
    ),
  );
}

function brokenNeeds(services: readonly Service[], inventory: Inventory): string[] {
  const pools = new Set(inventory.pools.map(({ id }) => id));
  const known: Readonly<Record<string, { has(id: string): boolean }>> = {
    device: inventory.devices,
    site: inventory.sites,
    link: inventory.links,
    pool: pools,
    service: inventory.services,
  };
  return services.flatMap(({ needs }, at) =>
    needs.flatMap((need, position) =>
      (typeof need === 'string' ? [need] : need.anyOf)
        .filter((reference) => {
          const colon = reference.indexOf(':');
          return known[reference.slice(0, colon)]?.has(reference.slice(colon + 1)) !== true;
        })
        .map((reference) => `services[${at}].needs[${position}]: no such entry, got "${reference}"`),
    ),
  );
}
