import type { MappingInput } from '../mapping.ts';

const HOST = { metric: 'ceph_osd_metadata', on: ['ceph_daemon'], take: ['hostname'] };

/**
 * Ceph's own prometheus module, or its ceph-exporter: raw bytes, including replicas. Without metrics of OSDs
 * (Reef and newer leave them to ceph-exporter) the whole cluster counts as one, without a spare host.
 */
export const ceph: MappingInput = {
  capacity: [
    {
      resource: 'storage',
      hostLabel: 'hostname',
      physical: { metric: 'ceph_osd_stat_bytes', join: HOST },
      used: { metric: 'ceph_osd_stat_bytes_used', join: HOST },
    },
    {
      resource: 'storage',
      spareHosts: 0,
      physical: 'ceph_cluster_total_bytes',
      used: 'ceph_cluster_total_used_raw_bytes',
    },
  ],
};
