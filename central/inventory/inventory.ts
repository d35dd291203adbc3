import {
  emptyInventoryFile,
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
import { readConfigText } from '../../runtime/config.ts';
import { EXIT, UserError } from '../../runtime/errors.ts';
import { givenFrom, problemsOf, type Given } from './given.ts';
import { givenText, MAX_INVENTORY_BYTES } from './inventory-text.ts';
import { idOf, KIND_NAMES, sortedById, type Entry, type EntryOf, type Kind } from './kinds.ts';

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

export const EMPTY_INVENTORY: Inventory = indexInventory(emptyInventoryFile());

/** Throws a UserError (exit 2) that lists every problem. */
export function loadInventory(file: string): Inventory {
  return checked(givenText(file, readConfigText(file, MAX_INVENTORY_BYTES), MAX_INVENTORY_BYTES));
}

/** As `loadInventory`, for a value that did not come from a file; `source` names it in errors. */
export function readInventory(source: string, value: unknown): Inventory {
  return checked(givenFrom(source, value));
}

function checked(given: Given): Inventory {
  const whole = { ...emptyInventoryFile(), ...given.lists };
  const problems = problemsOf(given, whole);
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
  return indexInventory(whole);
}

/** Without a check; each list in the order of ids. */
export function indexInventory(lists: InventoryFile): Inventory {
  return {
    units: indexById('units', lists.units),
    formerUnits: sortedById('formerUnits', lists.formerUnits),
    agencies: indexById('agencies', lists.agencies),
    sites: indexById('sites', lists.sites),
    agents: indexById('agents', lists.agents),
    devices: indexById('devices', lists.devices),
    interfaces: sortedById('interfaces', lists.interfaces),
    links: indexById('links', lists.links),
    pools: sortedById('pools', lists.pools),
    services: indexById('services', lists.services),
  };
}

function indexById<K extends Kind>(kind: K, entries: readonly EntryOf<K>[]): Map<string, EntryOf<K>> {
  return new Map(sortedById(kind, entries).map((entry) => [idOf(kind, entry), entry]));
}

/** The lists of an inventory, each in the order of ids. */
export function listsOf(inventory: Inventory): InventoryFile {
  const lists = emptyInventoryFile();
  const copy = <K extends Kind>(kind: K): void => {
    const entries: Iterable<Entry> = inventory[kind].values();
    lists[kind] = [...entries] as InventoryFile[K];
  };
  for (const kind of KIND_NAMES) copy(kind);
  return lists;
}
