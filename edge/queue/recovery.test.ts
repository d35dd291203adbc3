import { appendFile, cp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeCursor, decodeCursor, type Cursor } from './cursor.ts';
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
let pristine: QueueDirectory;
beforeEach(async () => {
  directory = await QueueDirectory.create();
  pristine = await QueueDirectory.create();
});
afterEach(async () => {
  await directory.remove();
  await pristine.remove();
});

/** Batches of 140 bytes each, ten to a segment. */
async function fill(batches: number, ack: readonly (readonly [number, number])[] = []): Promise<Queue> {
  const queue = await directory.open();
  for (let number = 1; number <= batches; number += 10)
    await appendBatches(queue, number, Math.min(number + 9, batches));
  queue.ack(queue.epoch, ack);
  await queue.close();
  return queue;
}

const pathOf = (name: string): string => join(directory.path, name);

async function segmentFile(index: number): Promise<string> {
  return pathOf((await directory.segments()).at(index)!);
}

async function corrupt(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  bytes[at] = bytes[at]! ^ 0xff;
  await writeFile(file, bytes);
}

async function changeCursor(change: (cursor: Cursor) => Cursor): Promise<void> {
  const cursor = decodeCursor(await readFile(pathOf('cursor')));
  await writeFile(pathOf('cursor'), encodeCursor(change(cursor!)));
}

/** Opens, and waits for the declaration if something was found missing. */
async function reopen(): Promise<Queue> {
  const queue = await directory.open();
  if (queue.stats().lostBatches > 0) await nextCommit(queue);
  return queue;
}

const names = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `batch ${from + index}`);

const batchesIn = async (queue: Queue): Promise<string[]> =>
  (await pendingBodies(queue)).filter((body) => body.startsWith('batch'));

describe('a torn tail', () => {
  it('at any byte leaves a prefix, the rest is declared, and seqs continue above it', async () => {
    await fill(10);
    await cp(directory.path, pristine.path, { recursive: true });
    const size = (await stat(await segmentFile(0))).size;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: size }), fc.boolean(), async (cut, hasCursor) => {
        await rm(directory.path, { recursive: true });
        await cp(pristine.path, directory.path, { recursive: true });
        await truncate(await segmentFile(0), cut);
        if (!hasCursor) await rm(pathOf('cursor'));
        const queue = await directory.open();
        const whole = Math.floor(cut / (size / 10));
        expect(await batchesIn(queue)).toEqual(names(1, whole));
        const seq = await queue.append(batch(99));
        // A cut between two records leaves no trace in the file: only the cursor knows of more.
        const lastKnown = hasCursor ? 10 : Math.ceil(cut / (size / 10));
        expect(seq).toBeGreaterThan(lastKnown);
        const losses = await declaredLosses(queue);
        expect(losses.reduce((sum, { from, to }) => sum + to - from + 1, 0)).toBe(lastKnown - whole);
        await queue.close();
        const again = await directory.open();
        expect(await batchesIn(again)).toEqual([...names(1, whole), 'batch 99']);
        expect(again.stats().lostBatches).toBe(lastKnown - whole);
        await again.close();
      }),
      { numRuns: 60 },
    );
  });

  it('is not counted as damage and not saved', async () => {
    await fill(3);
    await truncate(await segmentFile(0), 300);
    const queue = await reopen();
    expect(queue.stats().damagedSegments).toBe(0);
    expect(await directory.quarantine()).toEqual([]);
    expect((await stat(await segmentFile(0))).size).toBe(280);
  });

  it('is declared with points and times when the header of the torn record is complete', async () => {
    await fill(3);
    await truncate(await segmentFile(0), 400);
    expect(await declaredLosses(await reopen())).toEqual([
      { from: 3, to: 3, points: 2, fromMs: 3_000, toMs: 3_500, reason: 'damaged' },
    ]);
  });
});

describe('damage in the middle of a segment', () => {
  it('is moved to quarantine and declared; intact records after it stay', async () => {
    await fill(10);
    await corrupt(await segmentFile(0), 4 * 140 + 60);
    const queue = await reopen();
    expect(await batchesIn(queue)).toEqual([...names(1, 4), ...names(6, 10)]);
    expect(await declaredLosses(queue)).toEqual([
      { from: 5, to: 5, points: 2, fromMs: 5_000, toMs: 5_500, reason: 'damaged' },
    ]);
    expect(queue.stats()).toMatchObject({ damagedSegments: 1, lostBatches: 1, lostPoints: 2 });
    const [kept] = await directory.quarantine();
    expect((await stat(join(directory.path, 'quarantine', kept!))).size).toBe(140);
    await queue.close();

    const again = await directory.open();
    expect(again.stats()).toMatchObject({ damagedSegments: 1, lostBatches: 1 });
    expect(await batchesIn(again)).toEqual([...names(1, 4), ...names(6, 10)]);
  });

  it('in delivered batches loses nothing', async () => {
    await fill(30, [[1, 9]]);
    await corrupt(await segmentFile(0), 4 * 140 + 60);
    const queue = await directory.open();
    expect(queue.stats()).toMatchObject({ damagedSegments: 1, lostBatches: 0, pendingBatches: 21 });
  });

  it('found when a batch is read is declared then', async () => {
    const queue = await directory.open();
    await appendBatches(queue, 1, 3);
    await corrupt(await segmentFile(0), 140 + 60);
    const committed = nextCommit(queue);
    expect(await queue.read(2)).toBeUndefined();
    await committed;
    expect(await declaredLosses(queue)).toMatchObject([{ from: 2, to: 2, reason: 'damaged' }]);
    expect(await batchesIn(queue)).toEqual(['batch 1', 'batch 3']);
  });

  it('is skipped when there is no space to repair it', async () => {
    await fill(10);
    await corrupt(await segmentFile(0), 60);
    const disk = new FaultyDisk();
    disk.fault = (operation, file) =>
      operation === 'create' && file.endsWith('.tmp') ? 'ENOSPC' : undefined;
    const queue = await directory.open({}, disk);
    expect(await batchesIn(queue)).toEqual(names(2, 10));
  });
});

describe('segments', () => {
  it('that were deleted are declared lost', async () => {
    await fill(40, [[12, 13]]);
    await rm(await segmentFile(1));
    const queue = await reopen();
    expect(await declaredLosses(queue)).toMatchObject([
      { from: 11, to: 11, points: 0, fromMs: 10_500 },
      { from: 14, to: 20, points: 0, fromMs: 10_500 },
    ]);
    expect(await batchesIn(queue)).toEqual([...names(1, 10), ...names(21, 40)]);
  });

  it('that are empty or garbage do not affect the others', async () => {
    await fill(30);
    await writeFile(await segmentFile(1), 'not a segment at all');
    await truncate(await segmentFile(2), 0);
    const queue = await reopen();
    expect(await batchesIn(queue)).toEqual(names(1, 10));
    expect(await declaredLosses(queue)).toMatchObject([{ from: 11, to: 30 }]);
    expect(await queue.append(batch(99))).toBeGreaterThan(30);
  });

  it('that cannot be read are moved to quarantine, and their seqs are not used again', async () => {
    await fill(20);
    await rm(pathOf('cursor'));
    const disk = new FaultyDisk();
    const newest = await segmentFile(1);
    disk.fault = (operation, file) => (operation === 'read' && file === newest ? 'EIO' : undefined);
    const queue = await directory.open({}, disk);
    expect(await batchesIn(queue)).toEqual(names(1, 10));
    expect(await queue.append(batch(99))).toBeGreaterThan(20);
    expect((await directory.quarantine()).length).toBe(1);
  });

  it('are kept when too many files are open: the queue does not open', async () => {
    await fill(20);
    const disk = new FaultyDisk();
    disk.fault = (operation) => (operation === 'read' ? 'EMFILE' : undefined);
    await expect(directory.open({}, disk)).rejects.toThrow(/queue cannot be opened: EMFILE/);
    expect(await batchesIn(await directory.open())).toEqual(names(1, 20));
  });

  it('of another epoch are moved to quarantine', async () => {
    const queue = await fill(10);
    await cp(await segmentFile(0), pathOf('zzzzzzzz-0000000000000005.seg'));
    const reopened = await directory.open();
    expect(reopened.epoch).toBe(queue.epoch);
    expect(await batchesIn(reopened)).toEqual(names(1, 10));
    expect(await directory.quarantine()).toEqual([expect.stringContaining('zzzzzzzz')]);
  });

  it('that are all missing start a new epoch, whatever the cursor holds', async () => {
    const queue = await fill(10, [[1, 5]]);
    await rm(await segmentFile(0));
    const fresh = await directory.open();
    expect(fresh.epoch).toMatch(/^[a-z0-9]{8}$/);
    expect(fresh.epoch).not.toBe(queue.epoch);
    expect(await fresh.append(batch(1))).toBe(1);
    expect(fresh.stats()).toMatchObject({ lostBatches: 0 });
  });
});

describe('files of others', () => {
  it('are not touched, temporary ones of the queue are deleted', async () => {
    await fill(10);
    for (const name of ['lock', 'birth', 'notes.txt', 'k3f9a2c1-1.seg', 'cursor.tmp']) {
      await writeFile(pathOf(name), 'junk');
    }
    expect(await batchesIn(await directory.open())).toEqual(names(1, 10));
    for (const name of ['lock', 'birth', 'notes.txt', 'k3f9a2c1-1.seg']) {
      expect(await readFile(pathOf(name), 'utf8')).toBe('junk');
    }
    await expect(stat(pathOf('cursor.tmp'))).rejects.toThrow('ENOENT');
  });
});

describe('the cursor', () => {
  it('when missing or damaged causes resends only', async () => {
    await fill(30, [[11, 15]]);
    await rm(pathOf('cursor'));
    const queue = await directory.open();
    expect(await batchesIn(queue)).toEqual(names(1, 30));
    expect(queue.stats().lostBatches).toBe(0);
    await queue.close();
    await appendFile(pathOf('cursor'), 'x');
    expect(await batchesIn(await directory.open())).toEqual(names(1, 30));
  });

  it('with any content never prevents opening', async () => {
    await fill(3);
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (content) => {
        await writeFile(pathOf('cursor'), content);
        const queue = await directory.open();
        expect(queue.stats().pendingBatches).toBe(3);
        await rm(pathOf('cursor'));
      }),
      { numRuns: 20 },
    );
  });

  it('of another epoch is ignored', async () => {
    await fill(10, [[1, 5]]);
    await changeCursor((cursor) => ({ ...cursor, epoch: 'zzzzzzzz', lostBatches: 77 }));
    const queue = await directory.open();
    expect(queue.stats()).toMatchObject({ pendingBatches: 10, lostBatches: 0 });
  });

  it('newer than the segments: the missing batches are lost, and seqs continue above it', async () => {
    await fill(10);
    await changeCursor((cursor) => ({ ...cursor, nextSeq: 21, pending: [[4, 15]] }));
    const queue = await reopen();
    expect(await batchesIn(queue)).toEqual(names(4, 10));
    expect(await declaredLosses(queue)).toMatchObject([{ from: 11, to: 15 }]);
    expect(await queue.append(batch(99))).toBeGreaterThan(21);
  });

  it('is saved soon after an ack, without close()', async () => {
    const queue = await directory.open();
    await appendBatches(queue, 1, 10);
    queue.ack(queue.epoch, [[1, 7]]);
    await expect
      .poll(async () => (await readFile(pathOf('cursor')).then(decodeCursor, () => undefined))?.pending)
      .toEqual([[8, 10]]);
  });
});

describe('an unusable directory', () => {
  it('is named in the error', async () => {
    const file = pathOf('file');
    await writeFile(file, '');
    await expect(directory.open({ directory: file })).rejects.toThrow(`${file}: queue cannot be opened`);
  });

  it('and an invalid option, too', async () => {
    await expect(directory.open({ maxBytes: 100 })).rejects.toThrow(
      'queue.maxBytes must be at least 16384, got 100',
    );
  });
});
