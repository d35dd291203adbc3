import type { MappingInput } from '../mapping.ts';

const GIB = 1024 ** 3;

/**
 * openstack-exporter/openstack-exporter. Nova's "used" is what flavours reserve, so it is `allocated`. Local disks are
 * left out: with shared storage every hypervisor reports all of it.
 */
export const openstackExporter: MappingInput = {
  capacity: [
    {
      resource: 'cpu',
      hostLabel: 'hostname',
      physical: 'openstack_nova_vcpus_available',
      allocated: 'openstack_nova_vcpus_used',
    },
    {
      resource: 'memory',
      hostLabel: 'hostname',
      physical: 'openstack_nova_memory_available_bytes',
      allocated: 'openstack_nova_memory_used_bytes',
    },
    {
      resource: 'storage',
      poolLabel: 'name',
      hostLabel: 'name',
      spareHosts: 0,
      physical: { sum: 'openstack_cinder_pool_capacity_total_gb', scale: GIB },
      used: {
        sum: 'openstack_cinder_pool_capacity_total_gb',
        minus: 'openstack_cinder_pool_capacity_free_gb',
        scale: GIB,
      },
    },
  ],
};
