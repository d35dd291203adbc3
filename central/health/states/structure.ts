import type { Device, ExpectedAgent, Link, Site, Unit } from '../../../contract/inventory.ts';
import type { Inventory } from '../../inventory/inventory.ts';

const LIFETIME = ['installedOn', 'retiredOn'] as const;
const UNIT = ['code'] as const;
const SITE = ['id', 'unit', 'parents', ...LIFETIME] as const;
const AGENT = ['id', 'site', 'unit'] as const;
const DEVICE = [
  ...(['id', 'kind', 'site', 'unit', 'agent', 'otherAgents', 'parents', 'expects'] as const),
  ...LIFETIME,
] as const;
const LINK = ['id', 'ends', ...LIFETIME] as const;

/** What states are reckoned from, and all of an entry that the graph of the city has. */
export type UnitStructure = Pick<Unit, (typeof UNIT)[number]>;
export type SiteStructure = Pick<Site, (typeof SITE)[number]>;
export type AgentStructure = Pick<ExpectedAgent, (typeof AGENT)[number]>;
export type DeviceStructure = Pick<Device, (typeof DEVICE)[number]>;
export type LinkStructure = Pick<Link, (typeof LINK)[number]>;

export interface Structure {
  readonly units: ReadonlyMap<string, UnitStructure>;
  readonly sites: ReadonlyMap<string, SiteStructure>;
  readonly agents: ReadonlyMap<string, AgentStructure>;
  readonly devices: ReadonlyMap<string, DeviceStructure>;
  readonly links: ReadonlyMap<string, LinkStructure>;
}

/** Whether two inventories have the same states: names, notes, owners or ports may differ. Pure. */
export function isSameStructure(a: Inventory, b: Inventory): boolean {
  return (
    areAlike(a.units, b.units, UNIT) &&
    areAlike(a.sites, b.sites, SITE) &&
    areAlike(a.agents, b.agents, AGENT) &&
    areAlike(a.devices, b.devices, DEVICE) &&
    areAlike(a.links, b.links, LINK)
  );
}

/** Both are in the order of their ids. */
function areAlike<Entry extends object>(
  a: ReadonlyMap<string, Entry>,
  b: ReadonlyMap<string, Entry>,
  fields: readonly (keyof Entry)[],
): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  const others = b.values();
  for (const entry of a.values()) {
    const other = others.next().value;
    // What was not changed is mostly the same object.
    if (entry === other) continue;
    if (other === undefined || !fields.every((field) => isSame(entry[field], other[field]))) return false;
  }
  return true;
}

/** Both went through the schema, which puts the fields of an entry in one order. */
function isSame(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}
