import { emptyInventoryFile, type InventoryFile, type Unit } from '../../contract/inventory.ts';
import { hash01 } from './noise.ts';
import { UNITS } from './units.ts';

export interface InventoryOptions {
  readonly seed: number;
  readonly unitCount: number;
}

/** The sites of each unit: 840 for 168 units. */
const SITE_NAMES = [
  'Trụ sở UBND',
  'Công an',
  'Trạm y tế',
  'Trung tâm phục vụ hành chính công',
  'Trung tâm văn hoá – thể thao',
];
const UNITS_PER_HUB = 8;
/** 1,008 servers for 168 units. */
const SERVERS_PER_UNIT = 6;
const CITY = 'city';
const DATACENTRES = ['dc1', 'dc2'];
export const POOL_RESOURCES = ['vcpu', 'memory', 'storage'] as const;

/** City → hubs → sites, and two datacentres below the city. Pure: the same options, the same city. */
export function buildInventory({ seed, unitCount }: InventoryOptions): InventoryFile {
  const units = UNITS.slice(0, unitCount);
  const inventory: InventoryFile = { ...emptyInventoryFile(), units: [...units] };
  const centre = units[0];
  if (centre === undefined) return inventory;
  inventory.sites.push({ id: CITY, name: 'Thành phố Hồ Chí Minh', kind: 'city', ...placeOf(centre) });
  addDatacentres(inventory, centre, Math.max(2, units.length * SERVERS_PER_UNIT));
  units.forEach((unit, index) => {
    const hub = `hub-${String(Math.floor(index / UNITS_PER_HUB) + 1).padStart(2, '0')}`;
    if (index % UNITS_PER_HUB === 0) addHub(inventory, hub, unit);
    SITE_NAMES.forEach((name, at) =>
      addSite(inventory, { seed, unit, hub, name: `${name} ${unit.name}`, number: at + 1 }),
    );
  });
  return inventory;
}

function addHub(inventory: InventoryFile, hub: string, unit: Unit): void {
  const name = `Nút ${hub.slice(4)} – ${unit.name}`;
  inventory.sites.push({ id: hub, name, kind: 'hub', parents: [CITY], ...placeOf(unit) });
  const agent = `gw-${hub}`;
  inventory.agents.push({ id: agent, kind: 'gateway', site: hub, unit: unit.code });
  inventory.devices.push({ id: `n-${hub}`, kind: 'node', site: hub, unit: unit.code, agent });
}

interface NewSite {
  readonly seed: number;
  readonly unit: Unit;
  readonly hub: string;
  readonly name: string;
  readonly number: number;
}

function addSite(inventory: InventoryFile, { seed, unit, hub, name, number }: NewSite): void {
  const short = `${unit.code}-${String(number).padStart(2, '0')}`;
  const site = `site-${short}`;
  const agent = `gw-${short}`;
  const spread = 0.004 * Math.sqrt(unit.areaKm2);
  inventory.sites.push({
    id: site,
    unit: unit.code,
    name,
    kind: 'site',
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
}

function addDatacentres(inventory: InventoryFile, unit: Unit, serverCount: number): void {
  for (const [index, site] of DATACENTRES.entries()) {
    const name = `Trung tâm dữ liệu ${index + 1}`;
    inventory.sites.push({ id: site, name, kind: 'datacentre', parents: [CITY], ...placeOf(unit) });
    for (const resource of POOL_RESOURCES) inventory.pools.push({ id: `pool-${site}`, site, resource });
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
