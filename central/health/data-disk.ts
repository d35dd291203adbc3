import type { Clock } from '../../runtime/clock.ts';
import type { DiskSpace } from '../../runtime/disk-space.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';

export interface DataDiskDeps {
  readonly read: () => Promise<DiskSpace>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Logger;
}

/** A file system that does not answer is no proof of room on it. */
const MAX_AGE_MS = 60_000;

/** Room on the file system of central's data directory, as last read. */
export class DataDisk {
  readonly #deps: DataDiskDeps;
  #last: { readonly space: DiskSpace; readonly atMs: number } | undefined;
  #isReading = false;

  constructor(deps: DataDiskDeps) {
    this.#deps = deps;
  }

  /** undefined: not known, or not lately. */
  get space(): DiskSpace | undefined {
    const { clock } = this.#deps;
    return this.#last !== undefined && clock.monotonicMs() - this.#last.atMs <= MAX_AGE_MS
      ? this.#last.space
      : undefined;
  }

  /** One at a time: a file system that hangs must not collect readers. */
  async refresh(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      const space = await this.#deps.read();
      this.#last = { space, atMs: this.#deps.clock.monotonicMs() };
    } catch (error) {
      this.#deps.log.warn(`the room in the data directory cannot be read: ${messageOf(error)}`);
    } finally {
      this.#isReading = false;
    }
  }
}
