import { toField } from '../../protocols/system/counter.ts';
import type { Mount } from './mounts.ts';
import type { Reading } from './reading.ts';

/** Result of statfs(2), in blocks and inodes. */
export interface FsStats {
  readonly bsize: bigint;
  readonly blocks: bigint;
  readonly bfree: bigint;
  readonly bavail: bigint;
  readonly files: bigint;
  readonly ffree: bigint;
}

/**
 * Telegraf's `disk`: `free` is what is available to users, and `used_percent` is used ÷ (used + free), so that a disk is at
 * 100 % when users cannot write any more. Undefined for a filesystem without blocks.
 */
export function diskReading(mount: Mount, stats: FsStats): Reading | undefined {
  if (stats.blocks <= 0n) return undefined;
  const used = positive(stats.blocks - stats.bfree) * stats.bsize;
  const free = positive(stats.bavail) * stats.bsize;
  const inodesUsed = positive(stats.files - stats.ffree);
  const fields: Record<string, number | bigint> = {
    total: toField(stats.blocks * stats.bsize),
    free: toField(free),
    used: toField(used),
    inodes_total: toField(stats.files),
    inodes_free: toField(stats.ffree),
    inodes_used: toField(inodesUsed),
  };
  if (used + free > 0n) fields['used_percent'] = share(used, used + free);
  // btrfs and some network filesystems have no fixed number of inodes and report 0.
  if (stats.files > 0n) fields['inodes_used_percent'] = share(inodesUsed, stats.files);
  const tags = {
    path: mount.path,
    device: mount.source.replace(/^\/dev\//, ''),
    fstype: mount.fsType,
    mode: mount.readOnly ? 'ro' : 'rw',
  };
  return { measurement: 'disk', tags, fields };
}

function positive(value: bigint): bigint {
  return value > 0n ? value : 0n;
}

function share(part: bigint, whole: bigint): number {
  return (100 * Number(part)) / Number(whole);
}
