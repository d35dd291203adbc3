import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../runtime/manual-clock.ts';
import type { Queue } from './queue.ts';
import { FaultyDisk } from './testing/faulty-disk.ts';
import {
  appendBatches,
  batch,
  nextCommit,
  pendingBodies,
  QueueDirectory,
} from './testing/queue-directory.ts';

let directory: QueueDirectory;
beforeEach(async () => {
  directory = await QueueDirectory.create();
});
afterEach(() => directory.remove());

const seqs = (queue: Queue, after = 0, limit = Infinity): number[] =>
  queue.pending(after, limit).map((entry) => entry.seq);

describe('appending', () => {
  it('assigns seqs from 1 on and returns the bodies unchanged', async () => {
    const queue = await directory.open();
    expect([queue.lowest(), queue.highest()]).toEqual([1, 0]);
    expect(await appendBatches(queue, 1, 3)).toEqual([1, 2, 3]);
    expect(await pendingBodies(queue)).toEqual(['batch 1', 'batch 2', 'batch 3']);
    expect([queue.lowest(), queue.highest()]).toEqual([1, 3]);
    expect(await queue.read(2)).toEqual(batch(2).body);
    expect(await queue.read(4)).toBeUndefined();
  });

  it('shows a batch only after file and directory are synced', async () => {
    const disk = new FaultyDisk();
    const queue = await directory.open({}, disk);
    const atSync: unknown[] = [];
    disk.fault = (operation) => {
      if (operation.startsWith('sync')) atSync.push(operation, seqs(queue), queue.highest(), queue.lowest());
      return undefined;
    };
    const committed = nextCommit(queue);
    await queue.append(batch(1));
    expect(atSync).toEqual(['sync', [], 0, 1, 'sync-directory', [], 0, 1]);
    expect(await committed).toBe(1);
    expect(seqs(queue)).toEqual([1]);
  });

  it('reads ahead, but never into what a commit has half written', async () => {
    const queue = await directory.open();
    await appendBatches(queue, 1, 2);
    const [segment] = await directory.segments();
    await appendFile(join(directory.path, segment!), Buffer.alloc(140, 'half'));
    expect(await queue.read(1)).toEqual(batch(1).body);
    await queue.append(batch(3));
    expect(await queue.read(3)).toEqual(batch(3).body);
  });

  it('syncs once for a group, and keeps no file open afterwards', async () => {
    const disk = new FaultyDisk();
    const queue = await directory.open({ commitMaxRecords: 20, segmentBytes: 100_000 }, disk);
    await queue.append(batch(0));
    disk.done.length = 0;
    await appendBatches(queue, 1, 20);
    expect(disk.done.filter((operation) => operation.startsWith('sync'))).toEqual(['sync']);
    await queue.close();
    expect(disk.openFiles).toBe(0);
  });

  it('waits commitDelayMs for other batches, and runs no timer when idle', async () => {
    const clock = new ManualClock();
    const queue = await directory.open({ clock, commitDelayMs: 1_000 });
    expect(clock.sleeperCount).toBe(0);
    const appended = queue.append(batch(1));
    await clock.advance(999);
    expect(queue.highest()).toBe(0);
    await clock.advance(1);
    expect(await appended).toBe(1);
    expect(clock.sleeperCount).toBe(0);
  });

  it('accepts negative, fractional and missing numbers', async () => {
    const queue = await directory.open();
    await queue.append({ body: Buffer.from('x'), points: 1.5, firstMs: -5, lastMs: Number.NaN });
    expect(queue.pending(0, 1)).toMatchObject([{ seq: 1, points: 1, firstMs: 0, lastMs: 0, bytes: 1 }]);
  });

  it('after close() is refused without an error; waiting batches are durable', async () => {
    const queue = await directory.open({ commitDelayMs: 60_000 });
    const waiting = queue.append(batch(1));
    await Promise.all([queue.close(), queue.close()]);
    expect(await waiting).toBe(1);
    expect(await queue.append(batch(2))).toBeUndefined();
  });
});

describe('acknowledging', () => {
  it('settles ranges in any order; lowest() follows', async () => {
    const queue = await directory.open();
    await appendBatches(queue, 1, 10);
    queue.ack(queue.epoch, [
      [8, 10],
      [1, 2],
    ]);
    queue.ack(queue.epoch, [
      [5, 5],
      [2, 3],
    ]);
    expect(seqs(queue)).toEqual([4, 6, 7]);
    expect(queue.lowest()).toBe(4);
    expect(seqs(queue, 4, 1)).toEqual([6]);
    expect(await queue.read(5)).toBeUndefined();
    expect(queue.stats()).toMatchObject({ pendingBatches: 3, pendingPoints: 6 });
    const { bytes, pendingBytes } = queue.stats();
    expect(pendingBytes).toBe((3 * bytes) / 10);
    queue.ack(queue.epoch, [[1, 10]]);
    expect(queue.lowest()).toBe(11);
    expect(queue.stats()).toMatchObject({
      pendingBatches: 0,
      pendingPoints: 0,
      pendingBytes: 0,
      oldestPendingAtMs: undefined,
    });
  });

  it('of another epoch is ignored', async () => {
    const queue = await directory.open();
    await appendBatches(queue, 1, 2);
    queue.ack('otherepo', [[1, 2]]);
    expect(seqs(queue)).toEqual([1, 2]);
  });

  it('ignores seqs that are not durable yet', async () => {
    const queue = await directory.open();
    await appendBatches(queue, 1, 2);
    const inFlight = queue.append(batch(3));
    queue.ack(queue.epoch, [[1, 1_000_000_000]]);
    expect(await inFlight).toBe(3);
    expect(seqs(queue)).toEqual([3]);
    await queue.close();
    const reopened = await directory.open();
    expect(seqs(reopened)).toEqual([3]);
    expect(await reopened.append(batch(4))).toBe(4);
    expect(seqs(reopened)).toEqual([3, 4]);
  });

  it('invalid ranges has no effect', async () => {
    const queue = await directory.open();
    await appendBatches(queue, 1, 2);
    queue.ack(queue.epoch, [
      [2, 1],
      [-3, 0],
    ]);
    expect(seqs(queue)).toEqual([1, 2]);
  });

  it('deletes any segment that is settled as a whole, but never the newest', async () => {
    const queue = await directory.open();
    for (let number = 1; number <= 40; number += 10) await appendBatches(queue, number, number + 9);
    expect((await directory.segments()).length).toBe(4);
    queue.ack(queue.epoch, [
      [11, 20],
      [21, 29],
      [31, 40],
    ]);
    await queue.close();
    expect((await directory.segments()).map((name) => Number(name.slice(9, -4)))).toEqual([1, 21, 31]);
    const reopened = await directory.open();
    expect(seqs(reopened)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 30]);
    expect(reopened.stats()).toMatchObject({ lostBatches: 0, damagedSegments: 0 });
  });
});

describe('a restart', () => {
  it('continues with the same epoch, the same pending batches and new seqs', async () => {
    const queue = await directory.open();
    await appendBatches(queue, 1, 30);
    queue.ack(queue.epoch, [
      [1, 12],
      [20, 20],
    ]);
    await queue.close();
    const reopened = await directory.open();
    expect(reopened.epoch).toBe(queue.epoch);
    expect(seqs(reopened)).toEqual(seqs(queue));
    expect(reopened.lowest()).toBe(13);
    expect(reopened.highest()).toBe(30);
    expect(await appendBatches(reopened, 31, 32)).toEqual([31, 32]);
  });

  it('uses no seq again when everything was acknowledged', async () => {
    let number = 0;
    const given: (number | undefined)[] = [];
    for (let round = 0; round < 5; round++) {
      const queue = await directory.open();
      given.push(...(await appendBatches(queue, number + 1, number + 25)));
      number += 25;
      queue.ack(queue.epoch, [[1, queue.highest()]]);
      await queue.close();
    }
    expect(given).toEqual(Array.from({ length: 125 }, (_, index) => index + 1));
    expect((await directory.segments()).length).toBe(1);
  });

  it('without an append leaves no file', async () => {
    const queue = await directory.open();
    await queue.close();
    expect(await directory.segments()).toEqual([]);
  });

  it('syncs what a killed process left in the page cache', async () => {
    const queue = await directory.open();
    await queue.append(batch(1));
    await queue.close();
    const disk = new FaultyDisk();
    await directory.open({}, disk);
    expect(disk.done).toContain('sync');
  });
});

describe('setting aside', () => {
  it('moves the body to quarantine, declares it and survives a restart', async () => {
    const queue = await directory.open();
    await appendBatches(queue, 1, 3);
    const committed = nextCommit(queue);
    await queue.setAside(2);
    await committed;
    expect(await directory.quarantine()).toEqual([
      expect.stringMatching(new RegExp(`batch-${queue.epoch}-2$`)),
    ]);
    const [, , declaration] = await pendingBodies(queue);
    const loss = { from: 2, to: 2, points: 2, fromMs: 2_000, toMs: 2_500, reason: 'stuck' };
    expect(JSON.parse(declaration!)).toEqual([loss]);
    expect(seqs(queue)).toEqual([1, 3, 4]);
    await queue.close();
    const reopened = await directory.open();
    expect(seqs(reopened)).toEqual([1, 3, 4]);
    expect(reopened.stats()).toMatchObject({ lostBatches: 1, lostPoints: 2 });
  });

  it('of a batch that is gone does nothing', async () => {
    const queue = await directory.open();
    await queue.setAside(7);
    expect(queue.stats().lostBatches).toBe(0);
  });

  it('keeps quarantine within its limit, newest first', async () => {
    const queue = await directory.open({ maxBytes: 16 * 1024 });
    for (let number = 1; number <= 20; number++) {
      await queue.setAside((await queue.append(batch(number)))!);
    }
    const kept = await directory.quarantine();
    // A sixteenth of 16 KiB has room for ten bodies of 100 bytes.
    expect(kept.length).toBe(10);
    await queue.close();
  });
});

describe('listeners', () => {
  it('receive the highest durable seq until they unsubscribe; a failing one does not affect others', async () => {
    const queue = await directory.open();
    const received: number[] = [];
    queue.onDurable(() => {
      throw new Error('broken listener');
    });
    const unsubscribe = queue.onDurable((seq) => received.push(seq));
    await queue.append(batch(1));
    await queue.append(batch(2));
    unsubscribe();
    await queue.append(batch(3));
    expect(received).toEqual([1, 2]);
  });
});
