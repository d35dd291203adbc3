import { expect, it } from 'vitest';
import { silentLogger } from '../../runtime/logger.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import type { DiskSpace } from '../../runtime/disk-space.ts';
import { DataDisk } from './data-disk.ts';

const SPACE: DiskSpace = { totalBytes: 100, freeBytes: 40 };

it('keeps what it read for a minute; after that the room is unknown', async () => {
  const clock = new ManualClock(0);
  const disk = new DataDisk({ read: () => Promise.resolve(SPACE), clock, log: silentLogger });
  expect(disk.space).toBeUndefined();
  await disk.refresh();
  expect(disk.space).toEqual(SPACE);
  await clock.advance(60_001);
  expect(disk.space).toBeUndefined();
});

it('survives a file system that refuses, and asks one that hangs only once', async () => {
  const clock = new ManualClock(0);
  const broken = new DataDisk({ read: () => Promise.reject(new Error('EIO')), clock, log: silentLogger });
  await broken.refresh();
  expect(broken.space).toBeUndefined();

  let asked = 0;
  const hanging = new DataDisk({
    read: () => {
      asked += 1;
      return new Promise(() => undefined);
    },
    clock,
    log: silentLogger,
  });
  void hanging.refresh();
  await hanging.refresh();
  expect(asked).toBe(1);
});
