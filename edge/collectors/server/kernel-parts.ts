import { join } from 'node:path';
import { conntrackReading, fileHandlesReading } from './kernel-tables.ts';
import { mdstatReadings } from './mdstat.ts';
import { part, type Part, type Paths } from './parts.ts';
import { readOptional, readSmallSync } from '../../protocols/system/system-files.ts';

export function fileHandlesPart(paths: Paths): Part {
  const file = join(paths.procPath, 'sys/fs/file-nr');
  return part('file handles', async () => {
    const fileNr = readSmallSync(file);
    return fileNr === undefined ? [] : [fileHandlesReading(fileNr)];
  });
}

/** Empty without connection tracking. */
export function conntrackPart(paths: Paths): Part {
  const directory = join(paths.procPath, 'sys/net/netfilter');
  return part('conntrack', async () => {
    const count = readSmallSync(join(directory, 'nf_conntrack_count'));
    const max = readSmallSync(join(directory, 'nf_conntrack_max'));
    return count === undefined || max === undefined ? [] : [conntrackReading(count, max)];
  });
}

/** Empty when the md driver is not loaded. */
export function raidPart(paths: Paths): Part {
  const file = join(paths.procPath, 'mdstat');
  return {
    name: 'mdstat',
    read: async (signal) => mdstatReadings((await readOptional(file, signal)) ?? ''),
  };
}
