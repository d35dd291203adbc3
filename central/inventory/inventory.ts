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
import { checkInventory } from './check/check-inventory.ts';
import { describeProblem } from './check/problem.ts';

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

function indexInventory(source: string, file: InventoryFile): Inventory {
  const problems = checkInventory(file);
  if (problems.length > 0) {
    throw new UserError(
      EXIT.badConfig,
      problems.map((problem) => `${source}: ${describeProblem(problem)}`),
    );
  }
  return {
    units: new Map(file.units.map((unit) => [unit.code, unit])),
    formerUnits: file.formerUnits,
    agencies: indexById(file.agencies),
    sites: indexById(file.sites),
    agents: indexById(file.agents),
    devices: indexById(file.devices),
    interfaces: file.interfaces,
    links: indexById(file.links),
    pools: file.pools,
    services: indexById(file.services),
  };
}

function indexById<Entry extends { readonly id: string }>(entries: readonly Entry[]): Map<string, Entry> {
  return new Map(entries.map((entry) => [entry.id, entry]));
}
