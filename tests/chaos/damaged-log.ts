import { closeSync, fsyncSync, openSync, readSync, statSync, writeSync } from 'node:fs';

/** One wrong bit in the second half of the store's log, as a failing disk makes it. Central must be stopped. */
export function damageLog(path: string, random: () => number): void {
  const { size } = statSync(path);
  const at = Math.floor(size * (0.5 + random() / 2));
  const file = openSync(path, 'r+');
  try {
    const byte = Buffer.alloc(1);
    readSync(file, byte, 0, 1, at);
    writeSync(file, Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
