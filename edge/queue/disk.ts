import { mkdir, open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { codeOf } from '../../runtime/errors.ts';

export interface DiskFile {
  /** All of `bytes` or an error; after an error any part of them may be there. */
  write(bytes: Buffer, position: number): Promise<void>;
  /** fdatasync. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** What the queue asks of a file system; tests put faults in between. */
export interface Disk {
  /** With its parents, and durable; no error when it is there. */
  makeDirectory(directory: string): Promise<void>;
  list(directory: string): Promise<readonly string[]>;
  sizeOf(file: string): Promise<number>;
  readWhole(file: string): Promise<Buffer>;
  /** Shorter than `length` at the end of the file. */
  readAt(file: string, position: number, length: number): Promise<Buffer>;
  /** An empty file, also where there was one. */
  create(file: string): Promise<DiskFile>;
  reopen(file: string): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
  /** No error when there is none. */
  remove(file: string): Promise<void>;
  syncDirectory(directory: string): Promise<void>;
}

export const nodeDisk: Disk = {
  makeDirectory: async (directory) => {
    const firstMade = await mkdir(directory, { recursive: true, mode: 0o750 });
    if (firstMade === undefined) return;
    const top = dirname(firstMade);
    for (let parent = dirname(resolve(directory)); parent.length >= top.length; parent = dirname(parent)) {
      await syncDirectory(parent);
      if (parent === top) break;
    }
  },
  list: (directory) => readdir(directory),
  sizeOf: async (file) => (await stat(file)).size,
  readWhole: (file) => readFile(file),
  readAt: async (file, position, length) => {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  },
  create: async (file) => toDiskFile(await open(file, 'w', 0o640)),
  reopen: async (file) => toDiskFile(await open(file, 'r+')),
  rename,
  remove: (file) => rm(file, { force: true }),
  syncDirectory,
};

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Write and rename: a reader sees the old file or the new one, never half of it. */
export async function replaceFile(disk: Disk, path: string, bytes: Buffer, sync: boolean): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await disk.create(temporary);
  try {
    await file.write(bytes, 0);
    if (sync) await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(temporary, path);
}

/** No room: something must go before the same write can work. */
export function isDiskFull(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
}

function toDiskFile(handle: FileHandle): DiskFile {
  return {
    write: async (bytes, position) => {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    },
    sync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
}
