import type { OnBehind } from '../history/history-keeper.ts';
import { rmSync } from 'node:fs';
import type { Catalogue } from '../../../contract/catalogue.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { OpeningListener, StoreDamage } from '../sample-store.ts';
import { DatabaseFiles } from './database-files.ts';
import type { MemoryLimit } from './memory-limit.ts';
import { openRepaired } from './open-repaired.ts';
import { DuckDbSession, type DuckDbSessionOptions } from './session.ts';

export interface SessionOpenerOptions {
  /** One file, or `:memory:`. */
  readonly file: string;
  readonly catalogue: Catalogue;
  readonly log: Logger;
  readonly memory: MemoryLimit;
  readonly repair: { readonly now: () => number } | undefined;
  readonly alone: NonNullable<DuckDbSessionOptions['alone']>;
  readonly onDamage: (error: unknown) => void;
  readonly onBehind: OnBehind;
}

/** Opens the database file, repaired where it has to be, and tells a listener what each opening found. */
export class SessionOpener {
  readonly #options: SessionOpenerOptions;
  #listener: OpeningListener | undefined;
  /** Of the present session, until the listener was told. */
  #found: { readonly damage: readonly StoreDamage[]; readonly logBefore: string | undefined } | undefined;

  constructor(options: SessionOpenerOptions) {
    this.#options = options;
  }

  listen(listener: OpeningListener): void {
    this.#listener = listener;
  }

  /** `isReadable` false: something in the file could not be read. */
  async open(isReadable: boolean): Promise<DuckDbSession> {
    for (;;) {
      try {
        return await this.#open(isReadable);
      } catch (error) {
        // The log may hold more than fits: it is read as a whole.
        if (!this.#options.memory.raiseAfter(error)) throw error;
      }
    }
  }

  async #open(isReadable: boolean): Promise<DuckDbSession> {
    const { file, catalogue, log, memory, repair, alone, onDamage, onBehind } = this.#options;
    const memoryLimitMiB = memory.currentMiB;
    const open = (): Promise<DuckDbSession> =>
      DuckDbSession.open({ file, catalogue, memoryLimitMiB, isReadable, alone, onDamage, onBehind });
    if (repair === undefined || file === ':memory:') return await open();
    const files = new DatabaseFiles(file, repair.now);
    const tryOpen = (path: string): Promise<void> => DuckDbSession.tryOpen(path, memoryLimitMiB);
    const { opened, damage, logBefore } = await openRepaired({ files, open, tryOpen, log });
    for (const each of damage) log.error(each, 'a file of the store was damaged and is put aside');
    this.#found = { damage: [...(this.#found?.damage ?? []), ...damage], logBefore };
    return opened;
  }

  /** Call it before anything is written: the file may hold less than it confirmed. */
  async tell(session: DuckDbSession): Promise<void> {
    if (this.#found === undefined || this.#listener === undefined) return;
    const { damage, logBefore } = this.#found;
    const held = await session.held();
    const gone = await this.#listener({ damage, held, adopt: (all) => session.adopt(all) });
    if (gone === 0 && logBefore !== undefined) rmSync(logBefore, { force: true });
    this.#found = undefined;
  }
}
