import { readFileSync, statSync } from 'node:fs';
import { EXIT, messageOf, UserError } from '../runtime/errors.ts';

const MAX_BYTES = 64 * 1024 * 1024;

/** A file that a command reads whole. Throws a UserError (exit 2). */
export function readInputFile(file: string): Uint8Array {
  try {
    const { size } = statSync(file);
    if (size > MAX_BYTES) throw new Error(`expected at most ${MAX_BYTES} bytes, got ${size}`);
    return readFileSync(file);
  } catch (error) {
    throw new UserError(EXIT.badConfig, [`${file}: cannot be read: ${messageOf(error)}`], error);
  }
}
