import { z } from 'zod';
import { AGENT_ID_PATTERN } from '../../contract/topics.ts';
import { checkConfig } from '../../runtime/config.ts';
import { EXIT, UserError } from '../../runtime/errors.ts';

const id = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'expected 1 to 64 of a-z 0-9 . _ -');
const unitCode = z.string().regex(/^\d{5}$/, 'expected the official 5-digit code');
const longitude = z.number().min(-180).max(180);
const latitude = z.number().min(-90).max(90);

/** What should exist: the measure for "expected but never seen" and "seen but not expected". */
export const inventorySchema = z.strictObject({
  units: z
    .array(
      z.strictObject({
        code: unitCode,
        name: z.string().min(1).max(100),
        nameEn: z.string().min(1).max(100),
        kind: z.enum(['ward', 'commune', 'special_zone']),
        longitude,
        latitude,
        areaKm2: z.number().positive(),
      }),
    )
    .default([]),
  sites: z
    .array(
      z.strictObject({
        id,
        unit: unitCode,
        name: z.string().min(1).max(200),
        kind: z.enum(['city', 'hub', 'site', 'datacentre']),
        parent: id.optional(),
        longitude,
        latitude,
      }),
    )
    .default([]),
  agents: z
    .array(
      z.strictObject({
        id: z.string().regex(AGENT_ID_PATTERN, 'expected 1 to 64 of a-z 0-9 -'),
        kind: z.enum(['gateway', 'server']),
        site: id,
        unit: unitCode,
      }),
    )
    .default([]),
  devices: z
    .array(
      z.strictObject({
        id,
        kind: z.enum(['node', 'server', 'probe', 'modem', 'ups']),
        site: id,
        unit: unitCode,
        agent: z.string().regex(AGENT_ID_PATTERN, 'expected 1 to 64 of a-z 0-9 -'),
        parent: id.optional(),
      }),
    )
    .default([]),
  pools: z.array(z.strictObject({ id, site: id, resource: z.string().min(1).max(64) })).default([]),
});

export type InventoryFile = z.infer<typeof inventorySchema>;
export type Unit = InventoryFile['units'][number];
export type Site = InventoryFile['sites'][number];
export type ExpectedAgent = InventoryFile['agents'][number];
export type Device = InventoryFile['devices'][number];
export type Pool = InventoryFile['pools'][number];

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

/** Checks the shape and that every reference leads somewhere; throws a UserError that lists every problem. */
export function readInventory(source: string, value: unknown): Inventory {
  const file = checkConfig(source, value, inventorySchema);
  const problems: string[] = [];
  const inventory: Inventory = {
    units: index('units', file.units, (unit) => unit.code, problems),
    sites: index('sites', file.sites, (site) => site.id, problems),
    agents: index('agents', file.agents, (agent) => agent.id, problems),
    devices: index('devices', file.devices, (device) => device.id, problems),
    pools: file.pools,
  };
  const refer = (
    where: string,
    field: string,
    target: string | undefined,
    known: ReadonlyMap<string, unknown>,
  ): void => {
    if (target !== undefined && !known.has(target))
      problems.push(`${where}.${field}: no such entry, got "${target}"`);
  };
  file.sites.forEach((site, at) => {
    refer(`sites[${at}]`, 'unit', site.unit, inventory.units);
    refer(`sites[${at}]`, 'parent', site.parent, inventory.sites);
  });
  file.agents.forEach((agent, at) => {
    refer(`agents[${at}]`, 'site', agent.site, inventory.sites);
    refer(`agents[${at}]`, 'unit', agent.unit, inventory.units);
  });
  file.devices.forEach((device, at) => {
    refer(`devices[${at}]`, 'site', device.site, inventory.sites);
    refer(`devices[${at}]`, 'agent', device.agent, inventory.agents);
    refer(`devices[${at}]`, 'parent', device.parent, inventory.devices);
  });
  file.pools.forEach((pool, at) => refer(`pools[${at}]`, 'site', pool.site, inventory.sites));
  if (problems.length > 0) {
    throw new UserError(
      EXIT.badConfig,
      problems.map((problem) => `${source}: ${problem}`),
    );
  }
  return inventory;
}

function index<T>(
  list: string,
  entries: readonly T[],
  key: (entry: T) => string,
  problems: string[],
): Map<string, T> {
  const map = new Map<string, T>();
  entries.forEach((entry, at) => {
    if (map.has(key(entry))) problems.push(`${list}[${at}]: "${key(entry)}" stands here twice`);
    map.set(key(entry), entry);
  });
  return map;
}
