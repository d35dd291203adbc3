import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from './errors.ts';
import { makeDirectory } from './make-directory.ts';

/** Reads state that a part keeps across restarts in a small JSON file; undefined if there is none. Throws if it is invalid. */
export function readRecord<T>(
  file: string,
  schema: { parse(record: unknown): T },
  maxBytes: number,
): T | undefined {
  try {
    if (statSync(file).size > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export function writeRecord(file: string, record: unknown): void {
  makeDirectory(dirname(file), 0o750);
  replaceFileSync(file, `${JSON.stringify(record)}\n`);
}

/** Durable when it returns; a crash leaves the old content or the new, never a partial one. */
export function replaceFileSync(file: string, content: string): void {
  writeFileSync(`${file}.tmp`, content, { mode: 0o640, flush: true });
  renameSync(`${file}.tmp`, file);
}
