import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import { codeOf } from '../../runtime/errors.ts';
import { CURSOR_FILE, decodeCursor, type Cursor } from './cursor.ts';
import { nodeDisk } from './disk.ts';
import { epochSeed } from './record.ts';
import { scanSegment } from './scan.ts';
import { parseSegmentName } from './segment.ts';

export interface OldestOnDisk {
  /** When the oldest batch that is not acknowledged was appended, Unix time, ms. */
  readonly appendedAtMs: number;
  /** When the agent last recorded an acknowledgement; undefined: never. Unix time, ms. */
  readonly lastAckAtMs: number | undefined;
}

/**
 * Looks into the queue of an agent that may be running, and changes nothing. undefined: nothing waits. Rejects when the
 * directory cannot be read.
 */
export async function oldestOnDisk(directory: string): Promise<OldestOnDisk | undefined> {
  const cursor = await readCursor(join(directory, CURSOR_FILE));
  const segments = ((await ifPresent(nodeDisk.list(directory))) ?? [])
    .map(parseSegmentName)
    .filter((name) => name !== undefined)
    .filter(({ epoch }) => cursor === undefined || epoch === cursor.value.epoch)
    .sort((a, b) => a.base - b.base);
  for (const [index, { name, epoch, base }] of segments.entries()) {
    // The agent may delete it meanwhile.
    const bytes = await ifPresent(nodeDisk.readWhole(join(directory, name)));
    if (bytes === undefined) continue;
    const limits = { seed: epochSeed(epoch), firstSeq: base, endSeq: segments[index + 1]?.base ?? Infinity };
    const oldest = scanSegment(bytes, limits).rows.find(({ seq }) => isPending(seq, cursor?.value));
    if (oldest !== undefined) {
      return { appendedAtMs: oldest.appendedAtMs, lastAckAtMs: cursor?.savedAtMs };
    }
  }
  return undefined;
}

function isPending(seq: number, cursor: Cursor | undefined): boolean {
  if (cursor === undefined || seq >= cursor.nextSeq) return true;
  return cursor.pending.some(([from, to]) => seq >= from && seq <= to);
}

/** It is saved soon after each acknowledgement. */
async function readCursor(file: string): Promise<{ value: Cursor; savedAtMs: number } | undefined> {
  const bytes = await ifPresent(nodeDisk.readWhole(file));
  const value = bytes && decodeCursor(bytes);
  if (value === undefined) return undefined;
  return { value, savedAtMs: (await stat(file)).mtimeMs };
}

async function ifPresent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
