import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figures } from '../in-turns.ts';
import { secondsOf } from '../sleep.ts';

/** Records that the queue commits together (QUEUE_DEFAULTS.commitMaxRecords). */
export const GROUP = 64;
/** As much as the queue reads ahead. */
const BLOCK_BYTES = 32 * 1024;

/** The limit of disk and Node without a queue: the same bytes in the same groups, written to one file each. */
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

/** Always writes a new file, like the queue's segments. */
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
