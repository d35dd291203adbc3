import {
  inventorySchema,
  type Device,
  type ExpectedAgent,
  type InventoryFile,
  type Pool,
  type Site,
  type Unit,
} from '../../contract/inventory.ts';
import { checkConfig, loadConfig } from '../../runtime/config.ts';
import { EXIT, UserError } from '../../runtime/errors.ts';

/** The inventory file, indexed by id. */
export interface Inventory {
  readonly units: ReadonlyMap<string, Unit>;
  readonly sites: ReadonlyMap<string, Site>;
  readonly agents: ReadonlyMap<string, ExpectedAgent>;
  readonly devices: ReadonlyMap<string, Device>;
  readonly pools: readonly Pool[];
}

export const EMPTY_INVENTORY: Inventory = {
  units: new Map(),
  sites: new Map(),
  agents: new Map(),
  devices: new Map(),
  pools: [],
};

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
    sites: indexBy('id', 'sites', file.sites, problems),
    agents: indexBy('id', 'agents', file.agents, problems),
    devices: indexBy('id', 'devices', file.devices, problems),
    pools: file.pools,
  };
  const { units, sites, agents, devices } = inventory;
  problems.push(
    ...brokenReferences('sites', file.sites, { unit: units, parent: sites }),
    ...brokenReferences('agents', file.agents, { site: sites, unit: units }),
    ...brokenReferences('devices', file.devices, {
      site: sites,
      unit: units,
      agent: agents,
      parent: devices,
    }),
    ...brokenOwners(file.devices, agents),
    ...brokenReferences('pools', file.pools, { site: sites }),
  );
  if (problems.length === 0) return inventory;
  throw new UserError(
    EXIT.badConfig,
    problems.map((problem) => `${source}: ${problem}`),
  );
}

function brokenOwners(
  devices: readonly Device[],
  agents: ReadonlyMap<string, ExpectedAgent>,
): readonly string[] {
  return devices.flatMap(({ otherAgents = [] }, at) =>
    otherAgents
      .filter((agent) => !agents.has(agent))
      .map((agent) => `devices[${at}].otherAgents: no such entry, got "${agent}"`),
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
  entries: readonly { readonly [field in NoInfer<Field>]?: string | undefined }[],
  targets: Readonly<Record<Field, ReadonlyMap<string, unknown>>>,
): string[] {
  const fields = Object.keys(targets) as Field[];
  return entries.flatMap((entry, at) =>
    fields.flatMap((field) => {
      const target = entry[field];
      return target === undefined || targets[field].has(target)
        ? []
        : [`${list}[${at}].${field}: no such entry, got "${target}"`];
    }),
  );
}
