import { open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { codeOf } from '../../runtime/errors.ts';
import { makeDirectory } from '../../runtime/make-directory.ts';

export interface DiskFile {
  /** Writes all of `bytes`, or rejects; then any part of them may have been written. */
  write(bytes: Buffer, position: number): Promise<void>;
  /** fdatasync. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** The file system operations of the queue; tests inject faults here. */
export interface Disk {
  /** With its parents, and durable; no error when it exists. */
  makeDirectory(directory: string): Promise<void>;
  list(directory: string): Promise<readonly string[]>;
  sizeOf(file: string): Promise<number>;
  readWhole(file: string): Promise<Buffer>;
  /** At the end of the file the result is shorter than `length`. */
  readAt(file: string, position: number, length: number): Promise<Buffer>;
  /** An empty file; replaces an existing one. */
  create(file: string): Promise<DiskFile>;
  reopen(file: string): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
  /** No error when it does not exist. */
  remove(file: string): Promise<void>;
  syncDirectory(directory: string): Promise<void>;
}

export const nodeDisk: Disk = {
  makeDirectory: async (directory) => {
    const firstMade = makeDirectory(directory, 0o750);
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

/** Write and rename: a reader sees the old file or the new one, never a partial one. */
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

/** No space left: the same write can only succeed after something was deleted. */
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
