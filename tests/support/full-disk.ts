import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../../runtime/errors.ts';

const CHUNK = Buffer.alloc(64 * 1024);

/** A small file system that can be filled to the last byte. */
export interface SmallDisk {
  readonly directory: string;
  /** Leaves `freeBytes` free. */
  fill(freeBytes?: number): void;
  free(): void;
  remove(): void;
}

/** undefined where it cannot be mounted (not root, or not Linux). */
export function mountSmallDisk(sizeBytes: number): SmallDisk | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'wardwatch-disk-'));
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'tmpfs', directory]);
  if (mount.status !== 0) {
    rmSync(directory, { recursive: true });
    return undefined;
  }
  const ballast = join(directory, 'ballast');
  const remove = (): void => {
    process.off('exit', remove);
    spawnSync('umount', ['--lazy', directory]);
    rmSync(directory, { recursive: true, force: true });
  };
  process.on('exit', remove);
  return {
    directory,
    fill: (freeBytes = 0) => {
      const reserve = join(directory, 'reserve');
      writeFileSync(reserve, Buffer.alloc(freeBytes, 1));
      const file = openSync(ballast, 'a');
      try {
        for (;;) writeSync(file, CHUNK);
      } catch (error) {
        if (codeOf(error) !== 'ENOSPC') throw error;
      } finally {
        closeSync(file);
        rmSync(reserve);
      }
    },
    free: () => rmSync(ballast, { force: true }),
    remove,
  };
}
