import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../runtime/clock.ts';
import { messageOf } from '../../../runtime/errors.ts';
import { diskReading, type FsStats } from './disk.ts';
import { isRemote, type Mount } from './mounts.ts';
import type { Reading } from './reading.ts';

export type StatFs = (path: string) => Promise<FsStats>;

export interface DiskReadings {
  readonly readings: readonly Reading[];
  readonly errors: readonly Error[];
}

const TIMEOUT_MS = 2_000;
/** A hanging statfs(2) blocks one of Node's four file threads, which the queue needs too. */
const MAX_HANGING = { remote: 1, local: 2 };
const MAX_MOUNTS = 256;

export interface DiskProbe {
  read(mounts: readonly Mount[], signal: AbortSignal): Promise<DiskReadings>;
}

/** Reads the usage of mounts one by one; a mount whose earlier call hangs is skipped. */
export function createDiskProbe(deps: {
  readonly clock: Clock;
  /** Where the root of the mounts is; default `/`. */
  readonly rootPath?: string;
  readonly statFs?: StatFs;
}): DiskProbe {
  const { rootPath = '/' } = deps;
  const statFs = deps.statFs ?? ((path) => statfs(path, { bigint: true }));
  const hanging = new Set<string>();

  const readStats = async (mount: Mount, signal: AbortSignal): Promise<FsStats> => {
    if (hanging.has(mount.path)) throw new Error('still does not answer');
    const limit = isRemote(mount) ? MAX_HANGING.remote : MAX_HANGING.local;
    if (hanging.size >= limit) throw new Error(`not read while ${[...hanging].join(', ')} does not answer`);
    const timer = new AbortController();
    hanging.add(mount.path);
    const answer = statFs(join(rootPath, mount.path)).finally(() => hanging.delete(mount.path));
    const timeout = deps.clock.sleep(TIMEOUT_MS, AbortSignal.any([signal, timer.signal])).then(() => {
      throw new Error(`did not answer within ${TIMEOUT_MS} ms`);
    });
    try {
      return await Promise.race([answer, timeout]);
    } finally {
      timer.abort();
      void Promise.allSettled([answer, timeout]);
    }
  };

  return {
    async read(mounts, signal) {
      const readings: Reading[] = [];
      const errors: Error[] = [];
      for (const mount of mounts.slice(0, MAX_MOUNTS)) {
        try {
          const reading = diskReading(mount, await readStats(mount, signal));
          if (reading !== undefined) readings.push(reading);
        } catch (error) {
          signal.throwIfAborted();
          errors.push(new Error(`disk ${mount.path}: ${messageOf(error)}`, { cause: error }));
        }
      }
      if (mounts.length > MAX_MOUNTS)
        errors.push(new Error(`disk: only ${MAX_MOUNTS} of ${mounts.length} mounts read`));
      return { readings, errors };
    },
  };
}
