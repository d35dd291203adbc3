import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** A regular file, also through a link. Never waits for the writer of a pipe; rejects for anything too large. */
export async function readCertificateFile(file: string): Promise<Buffer> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new Error('expected a file');
    if (stat.size > MAX_FILE_BYTES) {
      throw new Error(`expected at most ${MAX_FILE_BYTES} bytes, got ${stat.size}`);
    }
    const buffer = Buffer.alloc(stat.size);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
