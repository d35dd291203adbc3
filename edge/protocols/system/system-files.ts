import { closeSync, openSync, readSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { codeOf } from '../../../runtime/errors.ts';
import { SourceError } from './source-error.ts';

/** Errors of /proc and /sys for "not on this kernel" and "not for this device". */
const NOT_HERE: ReadonlySet<string | undefined> = new Set([
  'ENOENT',
  'ENOTDIR',
  'EINVAL',
  'ENODEV',
  'EOPNOTSUPP',
]);

/** The file's text; undefined when the kernel does not offer it. */
export async function readOptional(file: string, signal: AbortSignal): Promise<string | undefined> {
  return (await readOptionalBytes(file, signal))?.toString('utf8');
}

/** The longest kernel file is /proc/net/dev with thousands of interfaces. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const FIRST_CHUNK_BYTES = 8_192;

export async function readOptionalBytes(file: string, signal: AbortSignal): Promise<Buffer | undefined> {
  try {
    return await readBounded(file, signal);
  } catch (error) {
    if (NOT_HERE.has(codeOf(error))) return undefined;
    throw error;
  }
}

/** Kernel files report no length: read to the end. */
async function readBounded(file: string, signal: AbortSignal): Promise<Buffer> {
  const handle = await open(file);
  try {
    let buffer = Buffer.allocUnsafe(FIRST_CHUNK_BYTES);
    let length = 0;
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) return buffer.subarray(0, length);
      length += bytesRead;
      if (length < buffer.length) continue;
      if (length >= MAX_FILE_BYTES) {
        throw new SourceError('malformed', `${file}: expected at most ${MAX_FILE_BYTES} bytes, got more`);
      }
      buffer = Buffer.concat([buffer, Buffer.allocUnsafe(length)]);
    }
  } finally {
    await handle.close();
  }
}

/** As readOptional, but a missing file is a SourceError. */
export async function readNeeded(file: string, signal: AbortSignal): Promise<string> {
  const text = await readOptional(file, signal);
  if (text === undefined) throw new SourceError('missing', `${file} does not exist; this part needs Linux`);
  return text;
}

/** Names in a directory, sorted; empty when the kernel does not offer it. */
export async function listOptional(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    if (NOT_HERE.has(codeOf(error))) return [];
    throw error;
  }
}

export async function listNeeded(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (!NOT_HERE.has(codeOf(error))) throw error;
    throw new SourceError('missing', `${directory} does not exist; this part needs Linux`);
  }
}

const small = Buffer.allocUnsafe(2_048);

/**
 * The start of a file. Synchronous and with one buffer for all: hundreds of processes are read, from memory, so that no
 * read waits for a device. Undefined when it is gone.
 */
export function readSmallSync(file: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return undefined;
  }
  try {
    return small.toString('latin1', 0, readSync(descriptor, small, 0, small.length, 0));
  } catch {
    return undefined; // ESRCH: the process ended after open
  } finally {
    closeSync(descriptor);
  }
}
