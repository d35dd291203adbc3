import { emptyInventoryFile, type InventoryFile } from '../../../contract/inventory.ts';
import { UNITS } from '../../../simulators/city/units.ts';

const DEVICES = 10_000;
const PORTS = 4;
const SITES = 840;

/** A city of the size of the limits in docs/inventory.md: 168 units, 840 sites, 10,000 devices, 40,000 ports. */
export function largeInventory(): InventoryFile {
  const lists = emptyInventoryFile();
  lists.units.push(...UNITS);
  lists.agencies.push({ id: 'dost', name: 'Sở Khoa học và Công nghệ' });
  for (let at = 0; at < SITES; at++) {
    const { code = '', name = '', longitude = 0, latitude = 0 } = UNITS[at % UNITS.length] ?? {};
    const id = `site-${at}`;
    lists.sites.push({ id, unit: code, name: `Điểm ${at} ${name}`, kind: 'site', longitude, latitude });
    lists.agents.push({ id: `gw-${at}`, kind: 'gateway', site: id, unit: code });
  }
  for (let at = 0; at < DEVICES; at++) {
    const site = at % SITES;
    const unit = UNITS[site % UNITS.length]?.code ?? '';
    const id = `n-${at}`;
    lists.devices.push({
      ...{
        id,
        kind: 'node',
        name: `Bộ chuyển mạch số ${at}`,
        site: `site-${site}`,
        unit,
        agent: `gw-${site}`,
      },
      ...(at >= SITES && { parents: [`n-${site}`] }),
      agency: 'dost',
      installedOn: '2025-07-01',
    });
    for (let port = 0; port < PORTS; port++)
      lists.interfaces.push({
        device: id,
        name: `ge-0/0/${port}`,
        description: 'đường lên',
        capacityBps: 1e9,
      });
  }
  return lists;
}
