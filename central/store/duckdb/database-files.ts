import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** The files of one DuckDB database: the file itself, its log, and what DuckDB has beside them during a checkpoint. */
export class DatabaseFiles {
  readonly main: string;
  readonly log: string;
  readonly #now: () => number;

  constructor(main: string, now: () => number) {
    this.main = main;
    this.log = `${main}.wal`;
    this.#now = now;
  }

  /** 0: there is none. */
  get logBytes(): number {
    return statSync(this.log, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** A copy of the log as it is now, before DuckDB changes it; undefined: there is no log. */
  copyLog(): string | undefined {
    if (this.logBytes === 0) return undefined;
    const copy = this.#asideName(this.log);
    const unfinished = `${this.log}.unfinished`;
    try {
      copyFileSync(this.log, unfinished);
      renameSync(unfinished, copy);
    } catch (error) {
      rmSync(unfinished, { force: true });
      throw error;
    }
    return copy;
  }

  /** Puts the log and what belongs to it aside; `rest`, if given, is the log from now on. Kept whole, at whatever instruction it is killed. */
  replaceLog(rest: string | undefined): string {
    const aside = this.#asideName(this.log);
    linkSync(this.log, aside);
    if (rest === undefined) rmSync(this.log);
    else renameSync(rest, this.log);
    for (const suffix of ['.checkpoint', '.recovery']) {
      if (existsSync(`${this.log}${suffix}`)) renameSync(`${this.log}${suffix}`, `${aside}${suffix}`);
    }
    this.#flushDirectory();
    return aside;
  }

  /** Puts everything aside, under names that DuckDB can open as one database. */
  replaceAll(): string {
    const aside = this.#asideName(this.main);
    // The log first: without its database it would be taken for that of the next one.
    for (const suffix of ['.wal.checkpoint', '.wal.recovery', '.wal', '']) {
      if (existsSync(`${this.main}${suffix}`)) renameSync(`${this.main}${suffix}`, `${aside}${suffix}`);
    }
    this.#flushDirectory();
    return aside;
  }

  /** Runs `work` with the path of a second name of the database file, whose log is what `setLog` makes of the first bytes of this one's. */
  async onTrial<T>(work: (path: string, setLog: (bytes: number) => string) => Promise<T>): Promise<T> {
    const directory = join(dirname(this.main), 'store-trial');
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { mode: 0o700 });
    try {
      const path = join(directory, 'store');
      linkSync(this.main, path);
      return await work(path, (bytes) => {
        rmSync(`${path}.wal`, { force: true });
        if (bytes > 0) {
          copyFileSync(this.log, `${path}.wal`);
          truncateSync(`${path}.wal`, bytes);
          flush(`${path}.wal`);
        }
        return `${path}.wal`;
      });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }

  /** `wardwatch.duckdb.wal.damaged-2026-11-29T204112Z`; with a number behind it where that exists. */
  #asideName(path: string): string {
    const time = new Date(this.#now()).toISOString().replace(/:|\.\d+/g, '');
    const name = `${path}.damaged-${time}`;
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? name : `${name}-${number}`;
      if (!existsSync(candidate)) return candidate;
    }
  }

  #flushDirectory(): void {
    flush(dirname(this.main));
  }
}

function flush(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
