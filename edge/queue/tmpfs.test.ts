import { execFileSync } from 'node:child_process';
import { writeFile, rm, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendBatches, batch, declaredLosses, QueueDirectory } from './testing/queue-directory.ts';

let directory: QueueDirectory;
let disk: string;
let isMounted = false;

beforeEach(async () => {
  directory = await QueueDirectory.create();
  disk = join(directory.path, 'disk');
  await mkdir(disk);
  isMounted = tryMount(disk);
});
afterEach(async () => {
  if (isMounted) execFileSync('umount', ['--lazy', disk]);
  await directory.remove();
});

/** Needs Linux and root. */
function tryMount(path: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a real disk of 256 KiB', () => {
  it('smaller than maxBytes keeps the newest batches and declares all others', async ({ skip }) => {
    if (!isMounted) skip('mounting a tmpfs needs root on Linux');
    const options = { directory: join(disk, 'queue'), maxBytes: 64 * 1024 * 1024, segmentBytes: 16 * 1024 };
    const queue = await directory.open(options);
    for (let number = 1; number <= 4_000; number += 40) {
      expect(await appendBatches(queue, number, number + 39)).not.toContain(undefined);
    }
    expect(queue.stats().lostBatches).toBeGreaterThan(1_000);
    const held = new Set(queue.pending(0, Infinity).map(({ seq }) => seq));
    for (const { from, to } of await declaredLosses(queue))
      for (let seq = from; seq <= to; seq++) held.add(seq);
    expect(held.size).toBe(queue.highest());
  });

  it('filled by other programs loses new batches, and continues when there is space', async ({ skip }) => {
    if (!isMounted) skip('mounting a tmpfs needs root on Linux');
    const queue = await directory.open({ directory: join(disk, 'queue') });
    await appendBatches(queue, 1, 5);
    const log = join(disk, 'other.log');
    await writeFile(log, Buffer.alloc(1024 * 1024)).catch(() => undefined);
    const lost = await appendBatches(queue, 6, 200);
    expect(lost.slice(-1)).toEqual([undefined]);
    await rm(log);
    expect(await queue.append(batch(201))).toBe(201);
    expect((await declaredLosses(queue)).at(-1)).toMatchObject({ to: 200, reason: 'disk-full' });
  });
});
