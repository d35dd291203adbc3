import { emptyInventoryFile, type InventoryFile } from '../../../contract/inventory.ts';
import type { Sample } from '../../../contract/sample.ts';

/** Two wards below one hub, in the first of which the hub stands. */
export const WARDS = ['26734', '26737'] as const;
const [FIRST, SECOND] = WARDS;
const PLACE = { longitude: 106.69, latitude: 10.79 };
const GBPS = 1_000_000_000;

/** Each site has one gateway and one node, called alike. */
const SITES = [
  { id: 'core', unit: FIRST, kind: 'city', parent: undefined },
  { id: 'hub', unit: FIRST, kind: 'hub', parent: 'core' },
  { id: 's-1', unit: FIRST, kind: 'site', parent: 'hub' },
  { id: 's-2', unit: SECOND, kind: 'site', parent: 'hub' },
] as const;

export type SiteId = (typeof SITES)[number]['id'];

export function shownInventory(): InventoryFile {
  return {
    ...emptyInventoryFile(),
    units: WARDS.map((code) => {
      return { code, name: `Phường ${code}`, nameEn: `Ward ${code}`, kind: 'ward', areaKm2: 2, ...PLACE };
    }),
    sites: SITES.map(({ id, unit, kind, parent }) => ({
      ...{ id, unit, kind, name: `Điểm ${id}`, ...PLACE },
      ...(parent !== undefined && { parents: [parent] }),
    })),
    agents: SITES.map(({ id, unit }) => ({ id: `gw-${id}`, kind: 'gateway', site: id, unit })),
    devices: SITES.map(({ id, unit, parent }) => ({
      ...{ id: `n-${id}`, kind: 'node', site: id, unit, agent: `gw-${id}` },
      ...(parent !== undefined && { parents: [`n-${parent}`] }),
    })),
    links: SITES.flatMap(({ id, parent }) => {
      if (parent === undefined) return [];
      const ends = [
        { site: parent, device: `n-${parent}`, interface: id },
        { site: id, device: `n-${id}`, interface: 'uplink' },
      ] as const;
      return [{ id: `up-${id}`, kind: 'fibre', capacityBps: GBPS, ends: [...ends] }];
    }),
    pools: [{ id: 'pool', site: 'core', resource: 'storage' }],
    services: [{ id: '1022', name: 'Tổng đài', needs: ['device:n-s-1', 'device:n-s-2'] }],
  };
}

/** What fails in a minute of the half hour. */
export interface Trouble {
  /** Its gateway sends nothing. */
  readonly silent: ReadonlySet<SiteId>;
  /** The line from the core to the hub is down, and nothing behind it is heard. */
  readonly isCut: boolean;
  /** The node at the first site is down. */
  readonly isNodeDown: boolean;
  /** Six of ten probes of the first site are lost. */
  readonly isLossy: boolean;
}

export function troubleAt(minute: number): Trouble {
  const within = (from: number, to: number): boolean => minute >= from && minute < to;
  const isCut = within(7, 11);
  const silent = new Set<SiteId>(isCut ? ['hub', 's-1', 's-2'] : []);
  if (within(1, 5)) silent.add('s-2');
  return { silent, isCut, isNodeDown: within(17, 21), isLossy: within(22, 26) };
}

/** Bit/s that the port of a site's uplink receives. */
export function uplinkBps(site: SiteId, minute: number): number {
  return 1_000_000 * (10 + minute) * (site === 's-1' ? 1 : 2);
}

/** As its gateway measures it; undefined while it is silent. */
export function samplesOf(site: SiteId, minute: number, timeMs: number): readonly Sample[] | undefined {
  const { silent, isCut, isNodeDown, isLossy } = troubleAt(minute);
  if (silent.has(site)) return undefined;
  const device = `n-${site}`;
  const isDown = isNodeDown && site === 's-1';
  const samples: Sample[] = [
    { measurement: 'device', tags: { device }, fields: { up: !isDown, reachable: !isDown }, timeMs },
  ];
  if (isDown) return samples;
  const port = (name: string, of: SiteId, isUp: boolean): Sample => {
    // What the upper end sends is what the lower one receives.
    const [downBps, upBps] = [uplinkBps(of, minute), uplinkBps(of, minute) / 4];
    const rates = of === site ? { in_bps: downBps, out_bps: upBps } : { in_bps: upBps, out_bps: downBps };
    const status = { oper_status: isUp ? 1 : 2, admin_status: 1, in_use: true };
    return {
      measurement: 'interface',
      tags: { device, interface: name },
      fields: isUp ? { ...status, ...rates } : status,
      timeMs,
    };
  };
  for (const each of SITES) {
    if (each.parent === site) samples.push(port(each.id, each.id, !(isCut && each.id === 'hub')));
    if (each.id === site && each.parent !== undefined) samples.push(port('uplink', site, true));
  }
  const lost = isLossy && site === 's-1' ? 60 : 0;
  samples.push({
    measurement: 'ping',
    tags: { device, target: 'core' },
    fields: { percent_packet_loss: lost, average_response_ms: 4 + minute, result_code: 0 },
    timeMs,
  });
  if (site === 'core') samples.push(pool(minute, timeMs));
  return samples;
}

function pool(minute: number, timeMs: number): Sample {
  return {
    measurement: 'capacity',
    tags: { site: 'core', pool: 'pool', resource: 'storage' },
    fields: { physical: 1_000, usable: 900, used: 300 + minute, used_pct: (100 * (300 + minute)) / 900 },
    timeMs,
  };
}

export const SITE_IDS: readonly SiteId[] = SITES.map(({ id }) => id);
