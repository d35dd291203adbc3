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
import { checkConfig, readConfigText } from '../../runtime/config.ts';
import { EXIT, UserError } from '../../runtime/errors.ts';
import { checkInventory } from './check/check-inventory.ts';
import { describeProblem, type InventoryProblem } from './check/problem.ts';
import { MAX_INVENTORY_BYTES, readInventoryText, wholeFile } from './inventory-text.ts';
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
  const text = readConfigText(file, MAX_INVENTORY_BYTES);
  const lists = wholeFile(readInventoryText(file, text, MAX_INVENTORY_BYTES));
  return checkedInventory(lists, (problem) => `${file}: ${describeProblem(problem)}`);
}

/** As `loadInventory`, for a value that did not come from a file; `source` names it in errors. */
export function readInventory(source: string, value: unknown): Inventory {
  const lists = checkConfig(source, value, inventorySchema);
  return checkedInventory(lists, (problem) => `${source}: ${describeProblem(problem)}`);
}

/** Throws a UserError (exit 2) that lists every problem of the inventory as a whole. */
export function checkedInventory(
  lists: InventoryFile,
  describe: (problem: InventoryProblem) => string,
): Inventory {
  const problems = [...checkInventory(lists), ...doubleFormerUnits(lists)];
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems.map(describe));
  return indexInventory(lists);
}

/** Those with a code overlap: that is checked already. */
function doubleFormerUnits({ formerUnits }: InventoryFile): InventoryProblem[] {
  const list = 'formerUnits';
  const seen = new Map<string, number>();
  return formerUnits.flatMap((entry, at) => {
    const id = idOf(list, entry);
    const first = seen.get(id);
    seen.set(id, first ?? at);
    if (first === undefined || entry.code !== undefined) return [];
    const message = 'expected one unit of a name in a district until a day';
    return [{ list, at, field: 'name', message, value: entry.name, first: { list, at: first } }];
  });
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
