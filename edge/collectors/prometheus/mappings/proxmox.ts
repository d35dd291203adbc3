import type { MappingInput } from '../mapping.ts';

const NODE = { kind: 'node' };
/** Allocated to guests, running or not, but not to templates, which never run. */
const GUESTS = { kind: ['qemu', 'lxc'] };
const NO_TEMPLATE = { metric: 'pve_guest_info', where: { template: { not: '1' } }, on: ['id'] };

const localStorage = (metric: string) => ({
  metric,
  where: { kind: 'storage' },
  join: { metric: 'pve_storage_shared', on: ['id'], value: 0 },
});
/** Every node lists it; counted once. */
const sharedStorage = (metric: string) => ({
  metric,
  where: { kind: 'storage' },
  join: { metric: 'pve_storage_shared', on: ['id'], value: 1 },
  distinct: ['storage'],
});

/** prometheus-pve/prometheus-pve-exporter, scraped with cluster=1. Each storage is a pool of its own. */
export const proxmox: MappingInput = {
  labels: [
    { from: 'id', pattern: '^(?<kind>node|qemu|lxc)/(?<node>.+)$' },
    { from: 'id', pattern: '^(?<kind>storage)/(?<node>[^/]+)/(?<storage>.+)$' },
  ],
  capacity: [
    {
      resource: 'cpu',
      hostLabel: 'node',
      physical: { metric: 'pve_cpu_usage_limit', where: NODE },
      used: {
        sum: { metric: 'pve_cpu_usage_ratio', where: NODE },
        times: { metric: 'pve_cpu_usage_limit', where: NODE },
      },
      allocated: { metric: 'pve_cpu_usage_limit', where: GUESTS, join: NO_TEMPLATE },
    },
    {
      resource: 'memory',
      hostLabel: 'node',
      physical: { metric: 'pve_memory_size_bytes', where: NODE },
      used: { metric: 'pve_memory_usage_bytes', where: NODE },
      allocated: { metric: 'pve_memory_size_bytes', where: GUESTS, join: NO_TEMPLATE },
    },
    {
      resource: 'storage',
      poolLabel: 'storage',
      hostLabel: 'storage',
      spareHosts: 0,
      physical: sharedStorage('pve_disk_size_bytes'),
      used: sharedStorage('pve_disk_usage_bytes'),
    },
    {
      resource: 'storage',
      poolLabel: 'storage',
      hostLabel: 'node',
      physical: localStorage('pve_disk_size_bytes'),
      used: localStorage('pve_disk_usage_bytes'),
    },
  ],
};
