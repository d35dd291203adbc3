import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../runtime/errors.ts';
import { nodeDisk } from './disk.ts';
import { parseSegmentName } from './segment.ts';

/**
 * When a batch was last written to the queue of an agent that may be running, Unix time, ms; undefined: there is no queue yet.
 * The newest segment always stays. Rejects when the directory cannot be read.
 */
export async function newestWriteOnDisk(directory: string): Promise<number | undefined> {
  const names = (await nodeDisk.list(directory).catch(ifMissing)) ?? [];
  const segments = names.filter((name) => parseSegmentName(name) !== undefined);
  // The agent may delete one meanwhile.
  const found = await Promise.all(segments.map((name) => stat(join(directory, name)).catch(ifMissing)));
  const times = found.flatMap((file) => (file === undefined ? [] : [file.mtimeMs]));
  return times.length === 0 ? undefined : Math.max(...times);
}

function ifMissing(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT') return undefined;
  throw error;
}
