import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { readDiskSpace, usedPercent } from './disk-space.ts';

it('reads what a file system holds and what is free on it', async () => {
  const space = await readDiskSpace(tmpdir());
  expect(space.totalBytes).toBeGreaterThan(0);
  expect(space.freeBytes).toBeLessThanOrEqual(space.totalBytes);
});

it('fails for a directory that is not there', async () => {
  await expect(readDiskSpace('/nowhere/at/all')).rejects.toThrow('ENOENT');
});

it('knows no share of a file system without blocks, such as /proc', () => {
  expect(usedPercent({ totalBytes: 0, freeBytes: 0 })).toBeUndefined();
  expect(usedPercent({ totalBytes: 200, freeBytes: 50 })).toBe(75);
});
