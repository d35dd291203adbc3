import type { Agency, InventoryFile, Service } from '../../contract/inventory.ts';

/** Who owns what: departments of the city, and the operator of its network. */
export const AGENCIES: readonly Agency[] = [
  { id: 'ttcds', name: 'Trung tâm Chuyển đổi số' },
  { id: 'vp-ubnd', name: 'Văn phòng Uỷ ban nhân dân thành phố' },
  { id: 'so-khcn', name: 'Sở Khoa học và Công nghệ' },
  { id: 'cong-an', name: 'Công an thành phố' },
  { id: 'so-y-te', name: 'Sở Y tế' },
  { id: 'so-vhtt', name: 'Sở Văn hoá và Thể thao' },
  { id: 'ttpvhcc', name: 'Trung tâm Phục vụ hành chính công' },
];

type Need = Service['needs'][number];
type Plant = Pick<InventoryFile, 'sites' | 'agents' | 'links' | 'pools'>;

/** Of the lines to the hubs, so many must be left for conferences of the whole city. */
const CONFERENCE_SHARE = 0.8;

/** The services that citizens and departments notice, on servers of both datacentres. Pure. */
export function cityServices(plant: Plant): Service[] {
  /** Servers of each datacentre by turns: the first of them carry the services. */
  const servers = (from: number, count: number): Need => {
    const all = plant.agents.filter(({ kind }) => kind === 'server').map(({ id }) => `device:${id}`);
    const picked = Array.from({ length: count }, (_, at) => all[(from + at) % all.length] ?? '');
    return { anyOf: [...new Set(picked)] };
  };
  const hubs = plant.sites.filter(({ kind }) => kind === 'hub').map(({ id }) => id);
  const callCentres: Need = { anyOf: hubs.slice(0, 2).map((hub) => `site:${hub}`) };
  const hubLines: Need = {
    anyOf: hubs.map((hub) => `link:up-${hub}`),
    atLeast: Math.max(1, Math.floor(CONFERENCE_SHARE * hubs.length)),
  };
  const pools: Need = { anyOf: [...new Set(plant.pools.map(({ id }) => `pool:${id}`))] };
  return [
    {
      id: '1022',
      name: 'Tổng đài 1022',
      agency: 'so-khcn',
      needs: [servers(2, 2), callCentres, 'service:data-sharing'],
    },
    {
      id: 'public-services',
      name: 'Cổng dịch vụ công',
      agency: 'vp-ubnd',
      needs: [servers(4, 4), pools, 'service:signature', 'service:data-sharing'],
    },
    {
      id: 'e-documents',
      name: 'Trục liên thông văn bản điện tử',
      agency: 'vp-ubnd',
      needs: [servers(8, 2), 'service:signature', 'service:mail'],
    },
    { id: 'mail', name: 'Thư điện tử công vụ', agency: 'so-khcn', needs: [servers(10, 2), pools] },
    { id: 'video', name: 'Họp trực tuyến', agency: 'ttcds', needs: [servers(12, 2), hubLines] },
    { id: 'signature', name: 'Chữ ký số', agency: 'ttcds', needs: [servers(14, 2)] },
    { id: 'data-sharing', name: 'Trục chia sẻ dữ liệu', agency: 'ttcds', needs: [servers(16, 2), pools] },
  ];
}
