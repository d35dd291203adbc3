import { closeSync, openSync, readSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { codeOf } from '../../../runtime/errors.ts';
import { SourceError } from './reading.ts';

/** How /proc and /sys say "not on this kernel, not for this device". */
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

export async function readOptionalBytes(file: string, signal: AbortSignal): Promise<Buffer | undefined> {
  try {
    return await readFile(file, { signal });
  } catch (error) {
    if (NOT_HERE.has(codeOf(error))) return undefined;
    throw error;
  }
}

/** As readOptional, but a missing file is an error that says what is wrong. */
export async function readNeeded(file: string, signal: AbortSignal): Promise<string> {
  const text = await readOptional(file, signal);
  if (text === undefined) throw new SourceError('missing', `${file} does not exist; this part needs Linux`);
  return text;
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
 * The start of a file, without a promise and a fresh buffer for each of hundreds of processes; such files come from
 * memory and never wait for a device. Undefined when it is gone.
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
