import { nodeDisk, type Disk, type DiskFile } from '../disk.ts';

export type DiskOperation =
  | 'list'
  | 'read'
  | 'create'
  | 'reopen'
  | 'write'
  | 'sync'
  | 'truncate'
  | 'rename'
  | 'remove'
  | 'sync-directory';

/** The real disk with injected faults. */
export class FaultyDisk implements Disk {
  /** Returns the error code for an operation, if it is to fail; a failing write leaves half of its bytes. */
  fault: (operation: DiskOperation, file: string) => string | undefined = () => undefined;
  readonly done: string[] = [];
  openFiles = 0;

  makeDirectory(directory: string): Promise<void> {
    return nodeDisk.makeDirectory(directory);
  }

  list(directory: string): Promise<readonly string[]> {
    return this.#run('list', directory, () => nodeDisk.list(directory));
  }

  sizeOf(file: string): Promise<number> {
    return nodeDisk.sizeOf(file);
  }

  readWhole(file: string): Promise<Buffer> {
    return this.#run('read', file, () => nodeDisk.readWhole(file));
  }

  readAt(file: string, position: number, length: number): Promise<Buffer> {
    return this.#run('read', file, () => nodeDisk.readAt(file, position, length));
  }

  create(file: string): Promise<DiskFile> {
    return this.#run('create', file, async () => this.#wrap(file, await nodeDisk.create(file)));
  }

  reopen(file: string): Promise<DiskFile> {
    return this.#run('reopen', file, async () => this.#wrap(file, await nodeDisk.reopen(file)));
  }

  rename(from: string, to: string): Promise<void> {
    return this.#run('rename', from, () => nodeDisk.rename(from, to));
  }

  remove(file: string): Promise<void> {
    return this.#run('remove', file, () => nodeDisk.remove(file));
  }

  syncDirectory(directory: string): Promise<void> {
    return this.#run('sync-directory', directory, () => nodeDisk.syncDirectory(directory));
  }

  #wrap(file: string, inner: DiskFile): DiskFile {
    this.openFiles++;
    return {
      write: (bytes, position) =>
        this.#run(
          'write',
          file,
          () => inner.write(bytes, position),
          () => inner.write(bytes.subarray(0, bytes.length >> 1), position),
        ),
      sync: () => this.#run('sync', file, () => inner.sync()),
      truncate: (length) => this.#run('truncate', file, () => inner.truncate(length)),
      close: () => {
        this.openFiles--;
        return inner.close();
      },
    };
  }

  async #run<Result>(
    operation: DiskOperation,
    file: string,
    action: () => Promise<Result>,
    partly?: () => Promise<void>,
  ): Promise<Result> {
    const code = this.fault(operation, file);
    this.done.push(code === undefined ? operation : `${operation} ${code}`);
    if (code === undefined) return action();
    await partly?.();
    throw Object.assign(new Error(`${code}: ${operation} '${file}'`), { code });
  }
}
