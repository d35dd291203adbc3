import type { MappingInput } from '../mapping.ts';

/** Local file systems: network ones belong to the server that has the disks. */
const LOCAL = ['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'zfs', 'f2fs', 'jfs', 'reiserfs'];

/** prometheus/node_exporter: each target is one host. Bare hosts have nothing allocated. */
export const nodeExporter: MappingInput = {
  capacity: [
    {
      resource: 'cpu',
      physical: { metric: 'node_cpu_seconds_total', where: { mode: 'idle' }, as: 'count' },
      used: {
        metric: 'node_cpu_seconds_total',
        where: { mode: { not: ['idle', 'iowait', 'steal'] } },
        as: 'rate',
      },
    },
    {
      resource: 'memory',
      physical: 'node_memory_MemTotal_bytes',
      used: { sum: 'node_memory_MemTotal_bytes', minus: 'node_memory_MemAvailable_bytes' },
    },
    {
      resource: 'storage',
      // A device that is mounted in several places counts once.
      physical: { metric: 'node_filesystem_size_bytes', where: { fstype: LOCAL }, distinct: ['device'] },
      used: {
        sum: { metric: 'node_filesystem_size_bytes', where: { fstype: LOCAL }, distinct: ['device'] },
        minus: { metric: 'node_filesystem_free_bytes', where: { fstype: LOCAL }, distinct: ['device'] },
      },
    },
  ],
};
