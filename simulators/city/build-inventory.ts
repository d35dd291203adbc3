import { emptyInventoryFile, type InventoryFile, type Unit } from '../../contract/inventory.ts';
import { AGENCIES, cityServices } from './city-services.ts';
import { hash01 } from './noise.ts';
import { UNITS } from './units.ts';

export interface InventoryOptions {
  readonly seed: number;
  readonly unitCount: number;
  /** Default 8. */
  readonly unitsPerHub?: number;
  /** Each such hub has a second way, over the hub before it. Default 5. */
  readonly ringEvery?: number;
}

/** The sites of each unit, 840 for 168 units, and who owns them. */
const SITES = [
  { name: 'Trụ sở UBND', agency: 'vp-ubnd' },
  { name: 'Công an', agency: 'cong-an' },
  { name: 'Trạm y tế', agency: 'so-y-te' },
  { name: 'Trung tâm phục vụ hành chính công', agency: 'ttpvhcc' },
  { name: 'Trung tâm văn hoá – thể thao', agency: 'so-vhtt' },
];
const UNITS_PER_HUB = 8;
const RING_EVERY = 5;
/** 1,008 servers for 168 units. */
const SERVERS_PER_UNIT = 6;
export const CITY = 'city';
/** The router in which the lines of all hubs end, a port for each, named as the hub. */
export const CITY_ROUTER = 'n-city';
const NETWORK_OWNER = 'ttcds';
const OPERATORS = ['viettel', 'vnpt', 'fpt'];
const LINE_BPS = 1e9;
const DATACENTRES = ['dc1', 'dc2'];
export const POOL_RESOURCES = ['vcpu', 'memory', 'storage'] as const;

/** City → hubs → sites, some hubs over two ways, and two datacentres below the city. Pure: the same options, the same city. */
export function buildInventory(options: InventoryOptions): InventoryFile {
  const { seed, unitCount, unitsPerHub = UNITS_PER_HUB, ringEvery = RING_EVERY } = options;
  const units = UNITS.slice(0, unitCount);
  const inventory: InventoryFile = { ...emptyInventoryFile(), units: [...units], agencies: [...AGENCIES] };
  const centre = units[0];
  if (centre === undefined) return inventory;
  addCity(inventory, centre);
  addDatacentres(inventory, centre, Math.max(2, units.length * SERVERS_PER_UNIT));
  units.forEach((unit, index) => {
    const number = Math.floor(index / unitsPerHub) + 1;
    const hub = hubName(number);
    if (index % unitsPerHub === 0) addHub(inventory, number, unit, number % ringEvery === 0);
    SITES.forEach(({ name, agency }, at) =>
      addSite(inventory, { seed, unit, hub, name: `${name} ${unit.name}`, agency, number: at + 1 }),
    );
  });
  inventory.services.push(...cityServices(inventory));
  return inventory;
}

function hubName(number: number): string {
  return `hub-${String(number).padStart(2, '0')}`;
}

function addCity(inventory: InventoryFile, unit: Unit): void {
  const name = 'Thành phố Hồ Chí Minh';
  inventory.sites.push({ id: CITY, name, kind: 'city', agency: NETWORK_OWNER, ...placeOf(unit) });
  const agent = `gw-${CITY}`;
  inventory.agents.push({ id: agent, kind: 'gateway', site: CITY, unit: unit.code });
  inventory.devices.push({ id: CITY_ROUTER, kind: 'node', site: CITY, unit: unit.code, agent });
}

function addHub(inventory: InventoryFile, number: number, unit: Unit, hasSecondWay: boolean): void {
  const hub = hubName(number);
  const name = `Nút ${hub.slice(4)} – ${unit.name}`;
  const other = hasSecondWay ? hubName(number - 1) : undefined;
  const others = other === undefined ? [] : [other];
  const parents = [CITY, ...others];
  inventory.sites.push({ id: hub, name, kind: 'hub', agency: NETWORK_OWNER, parents, ...placeOf(unit) });
  const agent = `gw-${hub}`;
  const node = `n-${hub}`;
  inventory.agents.push({ id: agent, kind: 'gateway', site: hub, unit: unit.code });
  inventory.devices.push({
    id: node,
    kind: 'node',
    site: hub,
    unit: unit.code,
    agent,
    parents: [CITY_ROUTER, ...others.map((id) => `n-${id}`)],
  });
  const line = { kind: 'fibre', capacityBps: LINE_BPS, agency: NETWORK_OWNER } as const;
  const link = `up-${hub}`;
  inventory.links.push({
    id: link,
    ...line,
    ends: [
      { site: CITY, device: CITY_ROUTER, interface: hub },
      { site: hub, device: node, interface: 'uplink' },
    ],
  });
  inventory.interfaces.push(
    { device: CITY_ROUTER, name: hub, description: name, capacityBps: LINE_BPS, link },
    { device: node, name: 'uplink', capacityBps: LINE_BPS, link },
  );
  if (other === undefined) return;
  inventory.links.push({
    id: `ring-${hub}`,
    ...line,
    ends: [
      { site: other, device: `n-${other}`, interface: 'ge-0/0/47' },
      { site: hub, device: node, interface: 'ge-0/0/47' },
    ],
  });
}

interface NewSite {
  readonly seed: number;
  readonly unit: Unit;
  readonly hub: string;
  readonly name: string;
  readonly agency: string;
  readonly number: number;
}

function addSite(inventory: InventoryFile, { seed, unit, hub, name, agency, number }: NewSite): void {
  const short = `${unit.code}-${String(number).padStart(2, '0')}`;
  const site = `site-${short}`;
  const agent = `gw-${short}`;
  const spread = 0.004 * Math.sqrt(unit.areaKm2);
  inventory.sites.push({
    id: site,
    unit: unit.code,
    name,
    kind: 'site',
    agency,
    parents: [hub],
    longitude: unit.longitude + spread * (hash01(`${seed}${site}x`) - 0.5),
    latitude: unit.latitude + spread * (hash01(`${seed}${site}y`) - 0.5),
  });
  inventory.agents.push({ id: agent, kind: 'gateway', site, unit: unit.code });
  const common = { site, unit: unit.code, agent };
  const node = `n-${short}`;
  inventory.devices.push({ id: node, kind: 'node', parents: [`n-${hub}`], ...common });
  inventory.devices.push({ id: `bb-${short}`, kind: 'probe', parents: [node], ...common });
  inventory.devices.push({ id: `m5g-${short}`, kind: 'modem', ...common });
  if (number <= 2) {
    inventory.devices.push({ id: `p2-${short}`, kind: 'probe', parents: [node], ...common });
    inventory.devices.push({ id: `ups-${short}`, kind: 'ups', ...common });
  }
  inventory.links.push({
    id: `up-${short}`,
    kind: 'leased',
    operator: OPERATORS[Math.floor(OPERATORS.length * hash01(`${seed}${site}o`))] ?? 'viettel',
    capacityBps: LINE_BPS,
    ends: [
      { site: hub, device: `n-${hub}` },
      { site, device: node, interface: 'uplink' },
    ],
  });
}

function addDatacentres(inventory: InventoryFile, unit: Unit, serverCount: number): void {
  const agency = NETWORK_OWNER;
  for (const [index, site] of DATACENTRES.entries()) {
    const name = `Trung tâm dữ liệu ${index + 1}`;
    inventory.sites.push({ id: site, name, kind: 'datacentre', agency, parents: [CITY], ...placeOf(unit) });
    for (const resource of POOL_RESOURCES)
      inventory.pools.push({ id: `pool-${site}`, site, resource, agency });
  }
  for (let number = 0; number < serverCount; number++) {
    const site = DATACENTRES[number % DATACENTRES.length] ?? 'dc1';
    const id = `sv-${site}-${String(Math.floor(number / DATACENTRES.length) + 1).padStart(4, '0')}`;
    inventory.agents.push({ id, kind: 'server', site, unit: unit.code });
    inventory.devices.push({ id, kind: 'server', site, unit: unit.code, agent: id });
  }
}

function placeOf(unit: Unit) {
  return { unit: unit.code, longitude: unit.longitude, latitude: unit.latitude };
}
