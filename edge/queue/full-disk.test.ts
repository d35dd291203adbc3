import { cp, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../runtime/manual-clock.ts';
import type { QueueLoss } from './loss-declarations.ts';
import type { Queue } from './queue.ts';
import { FaultyDisk } from './testing/faulty-disk.ts';
import {
  appendBatches,
  batch,
  declaredLosses,
  nextCommit,
  pendingBodies,
  QueueDirectory,
} from './testing/queue-directory.ts';

let directory: QueueDirectory;
let disk: FaultyDisk;
beforeEach(async () => {
  directory = await QueueDirectory.create();
  disk = new FaultyDisk();
});
afterEach(async () => {
  disk.fault = () => undefined;
  await directory.remove();
});

const count = (losses: readonly QueueLoss[]): number =>
  losses.reduce((sum, { from, to }) => sum + to - from + 1, 0);

/** Seqs that are pending or declared lost. */
async function accountedFor(queue: Queue): Promise<Set<number>> {
  const seqs = new Set(queue.pending(0, Infinity).map(({ seq }) => seq));
  for (const { from, to } of await declaredLosses(queue))
    for (let seq = from; seq <= to; seq++) seqs.add(seq);
  return seqs;
}

const upTo = (last: number): Set<number> => new Set(Array.from({ length: last }, (_, index) => index + 1));

describe('at its bound in bytes', () => {
  it('drops the oldest segment and declares it in an ordinary batch', async () => {
    const queue = await directory.open({ maxBytes: 16 * 1024, segmentBytes: 1_500, commitMaxRecords: 1 });
    for (let number = 1; number <= 300; number++) {
      expect(await queue.append(batch(number))).toBeGreaterThan(0);
      expect(queue.stats().bytes).toBeLessThanOrEqual(16 * 1024);
    }
    const losses = await declaredLosses(queue);
    expect(losses.length).toBeGreaterThan(0);
    expect(losses.every(({ reason }) => reason === 'queue-full')).toBe(true);
    expect(await accountedFor(queue)).toEqual(upTo(queue.highest()));
    expect((await pendingBodies(queue)).includes('batch 300')).toBe(true);
    expect(queue.stats()).toMatchObject({ lostBatches: queue.lowest() - 1 });
  });

  it('keeps the count over a restart and declares nothing twice once it was acknowledged', async () => {
    const options = { maxBytes: 16 * 1024, segmentBytes: 1_500, commitMaxRecords: 1 };
    const queue = await directory.open(options);
    for (let number = 1; number <= 150; number++) await queue.append(batch(number));
    const { lostBatches, lostPoints } = queue.stats();
    expect(lostBatches).toBeGreaterThan(0);
    queue.ack(queue.epoch, [[1, queue.highest()]]);
    await queue.close();
    const reopened = await directory.open(options);
    expect(reopened.stats()).toMatchObject({ lostBatches, lostPoints, pendingBatches: 0 });
    expect(await reopened.append(batch(151))).toBe(queue.highest() + 1);
  });
});

describe('killed just after a drop', () => {
  it('still knows the losses', async () => {
    const options = { maxBytes: 16 * 1024, segmentBytes: 1_500, commitMaxRecords: 1 };
    const queue = await directory.open(options);
    for (let number = 1; queue.stats().lostBatches === 0; number++) await queue.append(batch(number));
    const asLeft = join(directory.path, 'as-left-by-the-kill');
    for (const name of ['cursor', ...(await directory.segments())]) {
      await cp(join(directory.path, name), join(asLeft, name));
    }
    const { lostBatches, lostPoints } = queue.stats();
    const reopened = await directory.open({ ...options, directory: asLeft });
    await nextCommit(reopened);
    expect(reopened.stats()).toMatchObject({ lostBatches, lostPoints });
    expect(await accountedFor(reopened)).toEqual(upTo(reopened.highest()));
  });
});

describe('at its bound in time', () => {
  it('drops segments whose newest batch is too old', async () => {
    const clock = new ManualClock();
    const queue = await directory.open({ clock, maxAgeMs: 3_600_000, commitMaxRecords: 1 });
    await queue.append(batch(1));
    await clock.advance(3_600_000);
    expect(await queue.append(batch(2))).toBe(2);
    await clock.advance(3_600_001);
    // One commit closes the old segment, the next one drops it.
    await queue.append(batch(3));
    expect(queue.lowest()).toBe(1);
    await queue.append(batch(4));
    expect(await pendingBodies(queue)).toEqual(['batch 3', 'batch 4', expect.stringContaining('queue-age')]);
    expect(await declaredLosses(queue)).toMatchObject([{ from: 1, to: 2, points: 4 }]);
  });

  it('ignores timestamps from before the clock was set', async () => {
    const clock = new ManualClock(1_000);
    const queue = await directory.open({ clock, maxAgeMs: 3_600_000, commitMaxRecords: 1 });
    await queue.append(batch(1));
    await clock.advance(1_800_000_000_000);
    for (const number of [2, 3]) await queue.append(batch(number));
    expect(await pendingBodies(queue)).toEqual(['batch 1', 'batch 2', 'batch 3']);
  });
});

describe.each(['ENOSPC', 'EDQUOT'])('when the disk fails with %s', (code) => {
  it.each(['write', 'sync', 'create'] as const)('at %s, the oldest segment is dropped', async (operation) => {
    const queue = await directory.open({}, disk);
    for (let number = 1; number <= 41; number += 10) await appendBatches(queue, number, number + 9);
    let segmentsDropped = 0;
    disk.fault = (current, file) => {
      if (current === 'remove' && file.endsWith('0001.seg')) segmentsDropped++;
      return current === operation && file.endsWith('.seg') && segmentsDropped === 0 ? code : undefined;
    };
    const [seq] = await appendBatches(queue, 51, 55);
    expect(seq).toBe(51);
    await expect
      .poll(async () => declaredLosses(queue))
      .toEqual([{ from: 1, to: 10, points: 20, fromMs: 1_000, toMs: 10_500, reason: 'disk-full' }]);
    expect(await accountedFor(queue)).toEqual(upTo(queue.highest()));
  });

  it('permanently, batches are declared lost under their seqs once there is space again', async () => {
    const queue = await directory.open({}, disk);
    await appendBatches(queue, 1, 3);
    disk.fault = (operation) => (operation === 'write' || operation === 'create' ? code : undefined);
    expect(await appendBatches(queue, 4, 6)).toEqual([undefined, undefined, undefined]);
    expect(await queue.append(batch(7))).toBeUndefined();
    expect([queue.highest(), queue.lowest()]).toEqual([3, 1]);
    queue.ack(queue.epoch, [[1, 3]]);
    // Central learns it from `lowest` even before the declaration arrives.
    expect(queue.lowest()).toBe(8);
    expect(queue.stats()).toMatchObject({ lostBatches: 4, lostPoints: 8 });

    disk.fault = () => undefined;
    expect(await queue.append(batch(8))).toBe(8);
    expect(await declaredLosses(queue)).toEqual([
      { from: 4, to: 7, points: 8, fromMs: 4_000, toMs: 7_500, reason: 'disk-full' },
    ]);
  });

  it('from the start, the queue opens in an empty directory all the same', async () => {
    disk.fault = (operation) => (operation === 'write' || operation === 'create' ? code : undefined);
    const queue = await directory.open({}, disk);
    expect(await queue.append(batch(1))).toBeUndefined();
    disk.fault = () => undefined;
    expect(await queue.append(batch(2))).toBe(2);
    expect(await declaredLosses(queue)).toMatchObject([{ from: 1, to: 1 }]);
  });

  it('and the cursor cannot be saved, a restart still detects the dropped segment', async () => {
    const queue = await directory.open({}, disk);
    for (let number = 1; number <= 31; number += 10) await appendBatches(queue, number, number + 9);
    queue.ack(queue.epoch, [[1, 2]]);
    await queue.close();
    const second = await directory.open({}, disk);
    disk.fault = (operation, file) => (operation === 'create' || file.includes('cursor') ? code : undefined);
    expect(await second.append(batch(41))).toBeUndefined();
    expect(second.stats().lostBatches).toBeGreaterThan(0);
    // As after a kill: nothing more is written by the second one.
    const third = await directory.open();
    const given = await third.append(batch(42));
    expect(given).toBeGreaterThan(40);
    expect(count(await declaredLosses(third))).toBe(
      38 - third.pending(0, 40).filter(({ seq }) => seq <= 40).length,
    );
  });
});

describe('after a failed sync', () => {
  it('the data is written again in a new segment', async () => {
    const queue = await directory.open({}, disk);
    await appendBatches(queue, 1, 3);
    let failures = 0;
    disk.fault = (operation) => (operation === 'sync' && failures++ === 0 ? 'EIO' : undefined);
    expect(await appendBatches(queue, 4, 5)).toEqual([4, 5]);
    const segments = await directory.segments();
    expect(segments.length).toBe(2);
    expect((await stat(join(directory.path, segments[0]!))).size).toBe(3 * 140);
    expect(await pendingBodies(queue)).toEqual(['batch 1', 'batch 2', 'batch 3', 'batch 4', 'batch 5']);
  });

  it('data that could not be truncated is not counted twice at the next open', async () => {
    const queue = await directory.open({}, disk);
    await appendBatches(queue, 1, 3);
    let failures = 0;
    disk.fault = (operation) => {
      if (operation === 'truncate') return 'EIO';
      return operation === 'sync' && failures++ === 0 ? 'EIO' : undefined;
    };
    expect(await appendBatches(queue, 4, 5)).toEqual([4, 5]);
    await queue.close();
    const reopened = await directory.open();
    expect(reopened.pending(0, 9).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(reopened.stats()).toMatchObject({ damagedSegments: 0, lostBatches: 0 });
  });

  it('on a broken disk, new batches are lost and the backlog stays', async () => {
    const queue = await directory.open({}, disk);
    for (let number = 1; number <= 21; number += 10) await appendBatches(queue, number, number + 9);
    disk.fault = (operation) => (operation === 'sync' ? 'EIO' : undefined);
    expect(await queue.append(batch(31))).toBeUndefined();
    disk.fault = () => undefined;
    expect(await queue.append(batch(32))).toBe(32);
    expect(await declaredLosses(queue)).toMatchObject([{ from: 31, to: 31, reason: 'damaged' }]);
    expect(queue.stats()).toMatchObject({ lostBatches: 1 });
  });
});

describe('a declaration', () => {
  it('that is dropped itself is repeated', async () => {
    const options = { maxBytes: 16 * 1024, segmentBytes: 1_500, commitMaxRecords: 1 };
    const queue = await directory.open(options);
    for (let number = 1; number <= 400; number++) await queue.append(batch(number));
    const losses = await declaredLosses(queue);
    expect(losses.some(({ from }) => from === 1)).toBe(true);
    expect(await accountedFor(queue)).toEqual(upTo(queue.highest()));
  });
});

describe('a collector', () => {
  it('is not blocked by a disk that hangs: what does not fit in memory is declared lost', async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const slow = new FaultyDisk();
    const create = slow.create.bind(slow);
    slow.create = async (file) => {
      await released;
      return create(file);
    };
    const queue = await directory.open({ maxBytes: 64 * 1024 * 1024, segmentBytes: 1024 * 1024 }, slow);
    const appends = Array.from({ length: 120 }, (_, index) => queue.append(batch(index + 1, 50_000)));
    // The last ones are answered although the disk still hangs.
    expect(await appends.at(-1)).toBeUndefined();
    release();
    const seqs = await Promise.all(appends);
    await expect.poll(() => queue.stats().lostBatches).toBe(seqs.filter((seq) => seq === undefined).length);
    await expect.poll(async () => accountedFor(queue)).toEqual(upTo(queue.highest()));
  });

  it('that delivers an oversized batch loses only that batch', async () => {
    const queue = await directory.open();
    expect(await queue.append(batch(1, 600_000))).toBeUndefined();
    expect(await queue.append(batch(2))).toBeGreaterThan(1);
    await expect.poll(async () => declaredLosses(queue)).toMatchObject([{ points: 2, reason: 'queue-full' }]);
  });
});
