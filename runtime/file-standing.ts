import { statSync } from 'node:fs';
import { messageOf } from './errors.ts';

/** A text that differs once the file was written, replaced or removed, or could not be looked at (ENOTDIR, EACCES). */
export function fileStanding(file: string): string {
  try {
    const found = statSync(file, { bigint: true });
    return `${found.ino} ${found.size} ${found.mtimeNs}`;
  } catch (error) {
    return messageOf(error);
  }
}
