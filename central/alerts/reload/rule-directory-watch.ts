import type { Clock } from '../../../runtime/clock.ts';
import { EXIT, messageOf, UserError } from '../../../runtime/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { SettledChange } from '../../../runtime/settled-change.ts';
import { rulesStanding } from '../rules/load-rules.ts';
import type { AlertRule } from '../rules/rule.ts';
import { manyRemoved } from './many-removed.ts';
import { changesOf, changesText } from './rule-changes.ts';

export interface RuleDirectoryWatchDeps {
  readonly directory: string;
  /** What it was when it was last read. */
  readonly standing: string;
  /** Why what was last read does not run; undefined: it does. */
  readonly refused?: RefusedAtStart | undefined;
  /** The whole set, as it would run. Throws a UserError with all problems. */
  readonly read: () => readonly AlertRule[];
  readonly running: () => readonly AlertRule[];
  /** Throws when `state.db` does not take it: nothing is changed then. */
  readonly replace: (rules: readonly AlertRule[]) => void;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
  readonly log: Logger;
}

/** Why files do not run at a start, where those that ran before do. */
export interface RefusedAtStart {
  readonly problems: readonly string[];
  /** Why some of those that ran before do not run either. */
  readonly leftOut: readonly string[];
}

/** A set that was not taken. */
export interface RefusedRules {
  readonly atMs: number;
  readonly problems: readonly string[];
}

const KEPT = 'the rules cannot be used as they are now; those that ran before go on';
const MAX_LOGGED_PROBLEMS = 20;
const RETRY_MS = 60_000;
/**
 * Keeps the rules as their directory has them. A set that has any problem changes nothing: the running one stays, and `refused`
 * says why.
 */
export class RuleDirectoryWatch {
  readonly #deps: RuleDirectoryWatchDeps;
  readonly #change: SettledChange;
  #refused: RefusedRules | undefined;
  /** Told until files are good again. */
  #leftOut: readonly string[];

  constructor(deps: RuleDirectoryWatchDeps) {
    this.#deps = deps;
    this.#change = new SettledChange(deps.standing, RETRY_MS);
    this.#leftOut = deps.refused?.leftOut ?? [];
    if (deps.refused !== undefined) this.#refuse(deps.refused.problems, KEPT);
  }

  /** Why the files as they are now do not run; undefined: they do. */
  get refused(): RefusedRules | undefined {
    return this.#refused;
  }

  /**
   * Call it every few seconds: files are read once none changed from one call to the next. A directory that is not mounted is
   * empty: what takes away most of the own rules is left for `reread`.
   */
  check(): void {
    const now = rulesStanding(this.#deps.directory);
    const isDue = this.#change.isDue(now, this.#deps.clock.monotonicMs());
    if (isDue) this.#takeOver((next) => this.#assertFewRemoved(next));
  }

  /** At once, changed or not, whatever it takes away: somebody asked for it. */
  reread(): void {
    this.#takeOver(() => undefined);
  }

  /** `assertWanted` throws a UserError. */
  #takeOver(assertWanted: (next: readonly AlertRule[]) => void): void {
    const { directory, read, running, replace, log } = this.#deps;
    this.#change.noteRead(rulesStanding(directory));
    let next: readonly AlertRule[];
    try {
      next = read();
      assertWanted(next);
    } catch (error) {
      const problems = error instanceof UserError ? error.problems : [`${directory}: ${messageOf(error)}`];
      this.#refuse(problems, KEPT);
      return;
    }
    const changes = changesText(changesOf(running(), next));
    try {
      if (changes !== undefined) replace(next);
    } catch (error) {
      const problem = `${directory}: is valid, but state.db did not take it: ${messageOf(error)}`;
      this.#refuse([problem], 'the rules are good, the database did not take them: tried again');
      return;
    }
    if (changes !== undefined || this.#refused !== undefined)
      log.info({ directory, changes: changes ?? 'none' }, 'the rules were read again');
    this.#refused = undefined;
    this.#leftOut = [];
  }

  /** Tried again, since what cannot be read may be readable later without a trace: after a chmod, or once there are files to open again. */
  #refuse(found: readonly string[], message: string): void {
    const { directory, clock, log } = this.#deps;
    const problems = [...found, ...this.#leftOut];
    const isNews = problems.join('\n') !== this.#refused?.problems.join('\n');
    this.#change.retryLater(clock.monotonicMs());
    if (!isNews) return;
    this.#refused = { atMs: clock.now(), problems };
    const shown = problems.slice(0, MAX_LOGGED_PROBLEMS);
    log.error({ directory, count: problems.length, problems: shown }, message);
  }

  #assertFewRemoved(next: readonly AlertRule[]): void {
    const { directory, running } = this.#deps;
    const own = running().filter(({ origin }) => origin !== 'shipped');
    const problems = manyRemoved(directory, own, next);
    if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
  }
}
