import type { Clock } from '../../runtime/clock.ts';
import { messageOf, UserError } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { SettledChange } from '../../runtime/settled-change.ts';
import type { CustomMeasurements } from './custom-measurements.ts';
import { declareFromFiles } from './declare-from-files.ts';
import { declarationsStanding } from './declaration-files.ts';

/** Where files declare measurements, and what it was when it was last read. */
export interface ReadDeclarations {
  readonly directory: string;
  readonly standing: string;
  /** Why what was read then does not count; empty: it does. */
  readonly refused: readonly string[];
}

export interface DeclarationWatchDeps {
  readonly read: ReadDeclarations;
  readonly measurements: Pick<CustomMeasurements, 'configure' | 'configured'>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Logger;
}

const RETRY_MS = 60_000;
const MAX_LOGGED_PROBLEMS = 20;

/** Keeps the declared measurements as their directory has them. A set that has any problem changes nothing: the one before goes on. */
export class DeclarationWatch {
  readonly #deps: DeclarationWatchDeps;
  readonly #change: SettledChange;
  #problems: readonly string[] = [];

  constructor(deps: DeclarationWatchDeps) {
    this.#deps = deps;
    this.#change = new SettledChange(deps.read.standing, RETRY_MS);
    if (deps.read.refused.length > 0) this.#refuse(deps.read.refused);
  }

  /** Why the files as they are now do not count; empty: they do. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** Call it every few seconds: files are read once none changed from one call to the next. */
  check(): void {
    const { read, clock } = this.#deps;
    const isDue = this.#change.isDue(declarationsStanding(read.directory), clock.monotonicMs());
    if (isDue) this.#takeOver('what is mounted');
  }

  /** At once, changed or not, whatever it takes away: somebody asked for it. */
  reread(): void {
    this.#takeOver('whatever is there');
  }

  #takeOver(take: Parameters<typeof declareFromFiles>[2]): void {
    const { read, measurements, log } = this.#deps;
    const { directory } = read;
    this.#change.noteRead(declarationsStanding(directory));
    try {
      const count = declareFromFiles(directory, measurements, take);
      log.info({ directory, count }, 'the declared measurements were read again');
      this.#problems = [];
    } catch (error) {
      this.#refuse(error instanceof UserError ? error.problems : [`${directory}: ${messageOf(error)}`]);
    }
  }

  /** Tried again: another declaration may be gone by then, or a file be readable. */
  #refuse(problems: readonly string[]): void {
    const { read, clock, log } = this.#deps;
    const isNews = problems.join('\n') !== this.#problems.join('\n');
    this.#change.retryLater(clock.monotonicMs());
    this.#problems = problems;
    if (!isNews) return;
    const shown = problems.slice(0, MAX_LOGGED_PROBLEMS);
    log.error(
      { directory: read.directory, count: problems.length, problems: shown },
      'the declared measurements cannot be used as they are now; those that were declared before go on',
    );
  }
}
