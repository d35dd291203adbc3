import { emptyInventoryFile, type InventoryFile } from '../../../contract/inventory.ts';
import { UNITS } from '../../../simulators/city/units.ts';

const DEVICES = 10_000;
const PORTS_OF_A_DEVICE = 4;

/** 10,000 devices and 40,000 interfaces in the 168 units, in chains of parents. Pure. */
export function largeInventory(): InventoryFile {
  const inventory = emptyInventoryFile();
  inventory.units.push(...UNITS);
  for (let number = 0; number < DEVICES; number++) {
    const unit = UNITS[number % UNITS.length];
    if (unit === undefined) continue;
    const short = `${unit.code}-${String(Math.floor(number / UNITS.length) + 1).padStart(2, '0')}`;
    const site = number < 840 ? `site-${short}` : `site-${unit.code}-01`;
    const place = { unit: unit.code, longitude: unit.longitude, latitude: unit.latitude };
    const name = `Trung tâm phục vụ hành chính công ${unit.name}`;
    if (number < 840) inventory.sites.push({ id: site, name, kind: 'site', ...place });
    inventory.agents.push({ id: `gw-${short}`, kind: 'gateway', site, unit: unit.code });
    inventory.devices.push({
      id: `n-${short}`,
      kind: 'node',
      name: `Bộ định tuyến ${unit.name} ${number}`,
      site,
      unit: unit.code,
      agent: `gw-${short}`,
      ...(number >= UNITS.length && { parents: [inventory.devices[number - UNITS.length]?.id ?? ''] }),
    });
    for (let port = 0; port < PORTS_OF_A_DEVICE; port++)
      inventory.interfaces.push({ device: `n-${short}`, name: `GigabitEthernet0/${port}` });
  }
  return inventory;
}
