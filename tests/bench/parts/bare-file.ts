import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figures } from '../in-turns.ts';
import { secondsOf } from '../sleep.ts';

/** Records the queue makes durable together (QUEUE_DEFAULTS.commitMaxRecords). */
export const GROUP = 64;
/** What the queue reads ahead. */
const BLOCK_BYTES = 32 * 1024;

/** What the disk and Node allow without a queue: the same bytes in the same groups, into one file each. */
export async function bareFileTurn(directory: string, bodies: readonly Buffer[]): Promise<Figures> {
  const groups: Buffer[] = [];
  for (let at = 0; at < bodies.length; at += GROUP) groups.push(Buffer.concat(bodies.slice(at, at + GROUP)));
  const bytes = groups.reduce((sum, group) => sum + group.length, 0);
  const mib = bytes / 2 ** 20;
  const file = join(directory, 'bare');
  const plainS = await write(file, groups, false);
  const syncedS = await write(file, groups, true);
  const readS = await read(file, bytes);
  await rm(file);
  return { plainMiBPerS: mib / plainS, syncedMiBPerS: mib / syncedS, readMiBPerS: mib / readS };
}

/** Always into a new file, as the queue's segments are. */
async function write(file: string, groups: readonly Buffer[], sync: boolean): Promise<number> {
  const handle = await open(file, 'w');
  try {
    return await secondsOf(async () => {
      let position = 0;
      for (const group of groups) {
        await handle.write(group, 0, group.length, position);
        if (sync) await handle.datasync();
        position += group.length;
      }
    });
  } finally {
    await handle.close();
  }
}

async function read(file: string, bytes: number): Promise<number> {
  const handle = await open(file, 'r');
  try {
    return await secondsOf(async () => {
      for (let position = 0; position < bytes;) {
        const { bytesRead } = await handle.read(Buffer.allocUnsafe(BLOCK_BYTES), 0, BLOCK_BYTES, position);
        if (bytesRead === 0) throw new Error(`${file} ends at ${position}`);
        position += bytesRead;
      }
    });
  } finally {
    await handle.close();
  }
}
