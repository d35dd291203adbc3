import { basename, join } from 'node:path';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { replaceFile, type Disk } from './disk.ts';

const MAX_FILES = 1_000;

export interface SetAsideFilesDeps {
  readonly disk: Disk;
  readonly directory: string;
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A bounded directory (`quarantine/`) of damaged data and stuck batches for a person to examine. Failures are only logged. */
export class SetAsideFiles {
  readonly #deps: SetAsideFilesDeps;

  constructor(deps: SetAsideFilesDeps) {
    this.#deps = deps;
  }

  async write(label: string, bytes: Buffer): Promise<void> {
    await this.#attempt(async () => {
      await this.#deps.disk.makeDirectory(this.#deps.directory);
      await replaceFile(this.#deps.disk, this.#pathFor(label), bytes, false);
      await this.#trim();
    });
  }

  async moveIn(file: string): Promise<void> {
    await this.#attempt(async () => {
      await this.#deps.disk.makeDirectory(this.#deps.directory);
      await this.#deps.disk.rename(file, this.#pathFor(basename(file)));
      await this.#trim();
    });
  }

  /** Names sort by age. */
  #pathFor(label: string): string {
    const time = String(Math.max(0, Math.trunc(this.#deps.clock.now()))).padStart(15, '0');
    return join(this.#deps.directory, `${time}-${label}`);
  }

  async #trim(): Promise<void> {
    const { disk, directory, maxBytes } = this.#deps;
    const newestFirst = [...(await disk.list(directory))].sort().reverse();
    let bytes = 0;
    for (const [index, name] of newestFirst.entries()) {
      const path = join(directory, name);
      bytes += await disk.sizeOf(path);
      if (bytes > maxBytes || index >= MAX_FILES) await disk.remove(path);
    }
  }

  async #attempt(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#deps.log.warn({ directory: this.#deps.directory, err: error }, 'cannot write to quarantine');
    }
  }
}
