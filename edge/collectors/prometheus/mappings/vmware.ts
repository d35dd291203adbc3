import type { MappingInput } from '../mapping.ts';

const MIB = 1024 ** 2;
/** Allocated to machines, running or not, but not to templates, which never run. */
const NO_TEMPLATE = { metric: 'vmware_vm_template', on: ['vm_name', 'host_name', 'dc_name'], value: 0 };

/** pryorda/vmware_exporter: a pool for each cluster, and for each datastore. "MB" of vSphere are MiB. */
export const vmware: MappingInput = {
  capacity: [
    {
      resource: 'cpu',
      poolLabel: 'cluster_name',
      hostLabel: 'host_name',
      physical: 'vmware_host_num_cpu',
      // MHz in use as cores: the share of the host's MHz, of its cores.
      used: { sum: 'vmware_host_cpu_usage', times: 'vmware_host_num_cpu', per: 'vmware_host_cpu_max' },
      allocated: { metric: 'vmware_vm_num_cpu', join: NO_TEMPLATE },
    },
    {
      resource: 'memory',
      poolLabel: 'cluster_name',
      hostLabel: 'host_name',
      physical: { sum: 'vmware_host_memory_max', scale: MIB },
      used: { sum: 'vmware_host_memory_usage', scale: MIB },
      allocated: { sum: { metric: 'vmware_vm_memory_max', join: NO_TEMPLATE }, scale: MIB },
    },
    {
      resource: 'storage',
      poolLabel: 'ds_name',
      hostLabel: 'ds_name',
      spareHosts: 0,
      physical: 'vmware_datastore_capacity_size',
      used: { sum: 'vmware_datastore_capacity_size', minus: 'vmware_datastore_freespace_size' },
      allocated: 'vmware_datastore_provisoned_size', // the exporter's own spelling
    },
  ],
};
