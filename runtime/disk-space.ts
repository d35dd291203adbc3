import { statfs } from 'node:fs/promises';

/** Of the file system that holds a directory. */
export interface DiskSpace {
  readonly totalBytes: number;
  /** What this user may still write: root's reserve is not counted. */
  readonly freeBytes: number;
}

/** Rejects when the directory is not there or its file system does not answer. */
export async function readDiskSpace(directory: string): Promise<DiskSpace> {
  const { bsize, blocks, bfree, bavail } = await statfs(directory);
  // As df(1): the reserve counts neither as free nor as part of the whole.
  return { totalBytes: (blocks - bfree + bavail) * bsize, freeBytes: bavail * bsize };
}

export function usedPercent({ totalBytes, freeBytes }: DiskSpace): number | undefined {
  return totalBytes > 0 ? (100 * (totalBytes - freeBytes)) / totalBytes : undefined;
}
