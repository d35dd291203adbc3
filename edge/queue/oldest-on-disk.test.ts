import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { oldestOnDisk } from './oldest-on-disk.ts';
import { appendBatches, QueueDirectory } from './testing/queue-directory.ts';

let directory: QueueDirectory;
beforeEach(async () => {
  directory = await QueueDirectory.create();
});
afterEach(() => directory.remove());

/** All files with their content. */
async function content(): Promise<Record<string, string>> {
  const names = (await readdir(directory.path)).filter((name) => /\.seg$|^cursor$/.test(name));
  const files = names.map(async (name) => [name, await readFile(join(directory.path, name), 'latin1')]);
  return Object.fromEntries(await Promise.all(files)) as Record<string, string>;
}

describe('a look into the queue of a running agent', () => {
  it('sees the oldest batch that is not acknowledged, and changes nothing', async () => {
    const clock = new ManualClock(1_800_000_000_000);
    const queue = await directory.open({ clock });
    const append = async (number: number): Promise<void> => {
      const appended = { isDurable: false };
      const appending = appendBatches(queue, number, number).then(() => (appended.isDurable = true));
      // The queue may still be at its files when the clock goes on: then it waits for the next step.
      while (!appended.isDurable) await clock.advance(1_000);
      await appending;
    };
    for (let number = 1; number <= 40; number++) await append(number);
    const before = await content();
    const first = await oldestOnDisk(directory.path);
    expect(first).toMatchObject({ lastAckAtMs: undefined });
    expect(first?.appendedAtMs).toBe(queue.stats().oldestPendingAtMs);
    expect(await content()).toEqual(before);

    queue.ack(queue.epoch, [
      [1, 20],
      [22, 38],
    ]);
    await clock.advance(1_000);
    await queue.close();
    const later = await oldestOnDisk(directory.path);
    expect(later?.appendedAtMs).toBe(queue.stats().oldestPendingAtMs);
    expect(later?.appendedAtMs).toBeGreaterThan(first?.appendedAtMs ?? Infinity);
    expect(later?.lastAckAtMs).toBeGreaterThan(0);
  });

  it('sees none where all is acknowledged, there is no queue, or only rubbish', async () => {
    const queue = await directory.open();
    await appendBatches(queue, 1, 3);
    queue.ack(queue.epoch, [[1, 3]]);
    await queue.close();
    expect(await oldestOnDisk(directory.path)).toBeUndefined();
    expect(await oldestOnDisk(join(directory.path, 'missing'))).toBeUndefined();
    const other = join(directory.path, 'quarantine-of-a-test');
    await writeFile(other, 'no directory');
    await expect(oldestOnDisk(other)).rejects.toThrow('ENOTDIR');
    await writeFile(join(directory.path, 'abcdefgh-0000000000000001.seg'), Buffer.alloc(5_000, 7));
    await writeFile(join(directory.path, 'cursor'), 'rubbish');
    const rubbish = await oldestOnDisk(directory.path);
    expect(rubbish?.lastAckAtMs).toBeUndefined();
  });
});
