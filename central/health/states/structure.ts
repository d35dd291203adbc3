import type { Device, ExpectedAgent, Link, Site, Unit } from '../../../contract/inventory.ts';

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

/** As it is now, of an inventory that goes on changing. */
export function structureOf({ units, sites, agents, devices, links }: Structure): Structure {
  return { units, sites, agents, devices, links };
}

/** Whether two inventories have the same states: names, notes, owners or ports may differ. Pure. */
export function isSameStructure(a: Structure, b: Structure): boolean {
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

/** More are looked at as a whole. */
const MAX_CHANGES = 64;

export interface Change<Entry> {
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
}
export type DeviceChange = Change<DeviceStructure>;

/** What of a few entries differs. */
export interface StructureChanges {
  /** New ones. */
  readonly sites: readonly SiteStructure[];
  readonly agents: readonly AgentStructure[];
  /** Those that are gone first. */
  readonly devices: readonly DeviceChange[];
  readonly links: readonly Change<LinkStructure>[];
}

/** In what two inventories differ; undefined: in much, or in more than devices, links and new sites and agents. Pure. */
export function structureChanges(before: Structure, now: Structure): StructureChanges | undefined {
  if (!areAlike(before.units, now.units, UNIT)) return undefined;
  const sites = newOnes(changesOf(before.sites, now.sites, SITE));
  const agents = newOnes(changesOf(before.agents, now.agents, AGENT));
  const devices = changesOf(before.devices, now.devices, DEVICE);
  const links = changesOf(before.links, now.links, LINK);
  if (sites === undefined || agents === undefined || devices === undefined || links === undefined)
    return undefined;
  if (sites.length + agents.length + devices.length + links.length > MAX_CHANGES) return undefined;
  return { sites, agents, devices, links };
}

/** Those that are gone first; undefined: more than are looked at one by one. */
function changesOf<Entry extends object>(
  before: ReadonlyMap<string, Entry>,
  now: ReadonlyMap<string, Entry>,
  fields: readonly (keyof Entry)[],
): readonly Change<Entry>[] | undefined {
  const changes: Change<Entry>[] = [];
  if (before === now) return changes;
  for (const [id, entry] of before) if (!now.has(id)) changes.push({ before: entry, after: undefined });
  for (const [id, entry] of now) {
    const known = before.get(id);
    if (known === entry) continue;
    if (known === undefined || !fields.every((field) => isSame(known[field], entry[field])))
      changes.push({ before: known, after: entry });
    if (changes.length > MAX_CHANGES) return undefined;
  }
  return changes;
}

/** undefined: one of them was there before. */
function newOnes<Entry>(changes: readonly Change<Entry>[] | undefined): readonly Entry[] | undefined {
  if (changes?.some(({ before }) => before !== undefined) !== false) return undefined;
  return changes.flatMap(({ after }) => after ?? []);
}

/** Both went through the schema, which puts the fields of an entry in one order. */
export function isSame(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}
