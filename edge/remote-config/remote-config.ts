import type { AgentConfigMessage } from '../../contract/agent-config.ts';
import type { Clock } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Service } from '../../runtime/service.ts';
import type { CollectorConfig } from '../config/collectors-config.ts';
import type { CheckedConfig } from './check-pushed-config.ts';
import type { CollectorSet } from '../scheduler/collector-set.ts';
import type { ConfigFiles } from './config-files.ts';
import { shortReason, type FailedConfig, type StoredConfig } from './records.ts';
import { TrialBook } from './config-trials.ts';
import { judgeTrial } from './evaluate-trial.ts';

export interface ConfigStatus {
  /** 0: the agent's own file, and no config was ever taken. */
  readonly revision: number;
  /** On trial: a kill now would bring the one before back. */
  readonly trial: boolean;
  /** Of a higher revision, which does not run. */
  readonly problem: FailedConfig | undefined;
}

export interface RemoteConfigDeps {
  readonly files: ConfigFiles;
  /** What the agent's own file says. */
  readonly own: readonly CollectorConfig[];
  readonly collectors: CollectorSet;
  readonly check: (config: unknown) => CheckedConfig;
  /** Undefined: as the agent's own file has it. */
  readonly setLogLevel: (level: string | undefined) => void;
  /** What runs, or what is wrong with what should, is another. */
  readonly onChange: () => void;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface RemoteConfig extends Service {
  /** Returns at once; the newest message wins. */
  receive(message: AgentConfigMessage): void;
  status(): ConfigStatus;
}

/** Long enough for every collector's first run, which comes at once, and for what kills a process to show. */
export const TRIAL_MS = 30_000;

/** Settles what an earlier run left; collectors run from start() on. */
export async function openRemoteConfig(deps: RemoteConfigDeps): Promise<RemoteConfig> {
  const book = new TrialBook(deps.files, deps.log);
  await book.open();
  return new TriedConfig(deps, book);
}

/**
 * own file or good → (message of a higher revision) checked → on disk as trial → at work → good, or given up and back.
 * Everything runs one after another on `#busy`. The collectors are exchanged only when all new ones could be made, so at
 * no moment is there nothing to go back to.
 */
class TriedConfig implements RemoteConfig {
  readonly name = 'collectors';
  readonly #deps: RemoteConfigDeps;
  readonly #book: TrialBook;
  /** What cannot be remembered as failed, since it may work another time: no room on disk, a good one of old. */
  #passing: FailedConfig | undefined;
  #running: StoredConfig | undefined;
  #newest: AgentConfigMessage | undefined;
  #trialTimer: AbortController | undefined;
  #busy: Promise<void> = Promise.resolve();
  #shutdown: AbortSignal | undefined;
  #started = false;
  #stopping: Promise<void> | undefined;

  constructor(deps: RemoteConfigDeps, book: TrialBook) {
    this.#deps = deps;
    this.#book = book;
    this.#running = book.trial ?? book.good;
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#shutdown = signal;
    this.#started = true;
    this.#busy = this.#begin();
    await this.#busy;
    this.#do(() => this.#takeNewest());
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  receive(message: AgentConfigMessage): void {
    if (this.#stopping !== undefined || message.revision <= (this.#newest?.revision ?? 0)) return;
    this.#newest = message;
    if (this.#started) this.#do(() => this.#takeNewest());
  }

  status(): ConfigStatus {
    const revision = this.#running?.revision ?? 0;
    const trial = this.#running !== undefined && this.#running === this.#book.trial;
    const problems = [this.#book.failed, this.#passing].filter((problem) => problem !== undefined);
    const newest = problems.sort((a, b) => b.revision - a.revision)[0];
    return { revision, trial, problem: (newest?.revision ?? 0) > revision ? newest : undefined };
  }

  #do(work: () => Promise<void>): void {
    this.#busy = this.#busy.then(work).catch((error: unknown) => {
      this.#deps.log.error({ err: error }, 'a config from central could not be dealt with');
    });
  }

  async #begin(): Promise<void> {
    const { trial } = this.#book;
    // Noted again: this time nobody has asked it to stop yet.
    if (trial !== undefined && (await this.#note(trial)) && (await this.#tryOut(trial))) return;
    await this.#goBack();
  }

  async #takeNewest(): Promise<void> {
    const message = this.#newest;
    this.#newest = undefined;
    if (message === undefined || this.#stopping !== undefined) return;
    const { revision, config } = message;
    if (this.#book.isKnown(revision)) return;
    this.#deps.log.info({ revision }, 'config from central');
    const checked = this.#check({ revision, config });
    if (!checked.ok) {
      await this.#giveUp(revision, checked.problems);
      return;
    }
    const before = this.#book.trial;
    if (!(await this.#note({ revision, config }))) return;
    this.#trialTimer?.abort();
    if (await this.#tryOut({ revision, config })) return;
    // What ran is still there. If it was itself on trial, that trial is no longer on disk.
    if (before !== undefined) await this.#goBack();
  }

  /** False: it cannot be tried now. */
  async #note(stored: StoredConfig): Promise<boolean> {
    try {
      await this.#book.note(stored);
      return true;
    } catch (error) {
      const reason = shortReason([`cannot be kept on disk: ${messageOf(error)}`]);
      this.#passing = { revision: stored.revision, reason };
      this.#deps.log.warn(this.#passing, 'config from central not taken for now');
      this.#deps.onChange();
      return false;
    }
  }

  /** False: it was given up, and what ran before still does. */
  async #tryOut(stored: StoredConfig): Promise<boolean> {
    try {
      await this.#putToWork(stored);
    } catch (error) {
      await this.#giveUp(stored.revision, [messageOf(error)]);
      return false;
    }
    this.#book.beginTrial(stored);
    this.#passing = undefined;
    this.#deps.onChange();
    this.#watch(stored.revision);
    return true;
  }

  #watch(revision: number): void {
    const timer = new AbortController();
    this.#trialTimer = timer;
    const judge = async (): Promise<void> => {
      if (!timer.signal.aborted && this.#book.trial?.revision === revision) await this.#judge(revision);
    };
    this.#deps.clock.sleep(TRIAL_MS, timer.signal).then(
      () => this.#do(judge),
      () => undefined, // another one came, or the agent stops
    );
  }

  async #judge(revision: number): Promise<void> {
    const { collectors, log, onChange } = this.#deps;
    const reason = judgeTrial(collectors.names, collectors.tallies);
    if (reason !== undefined) {
      await this.#giveUp(revision, [reason]);
      await this.#goBack();
    } else if (await this.#book.keepTrial()) {
      log.info({ revision, collectors: collectors.names }, 'config from central is good');
      onChange();
    } else {
      this.#watch(revision);
    }
  }

  async #giveUp(revision: number, problems: readonly string[]): Promise<void> {
    // At once: while the disk is written, nobody is to be told that it is good.
    if (this.#running?.revision === revision) this.#running = this.#book.good;
    await this.#book.giveUp(revision, problems);
    this.#deps.onChange();
  }

  /** To the last good one, or to the agent's own file where there is none or a newer program no longer takes it. */
  async #goBack(): Promise<void> {
    const { collectors, own, setLogLevel, onChange, log } = this.#deps;
    const { good } = this.#book;
    this.#book.endTrial();
    try {
      if (good !== undefined) {
        await this.#putToWork(good);
        onChange();
        return;
      }
    } catch (error) {
      const reason = shortReason([`worked before, but no longer does: ${messageOf(error)}`]);
      this.#passing = { revision: good?.revision ?? 0, reason };
      log.error(this.#passing, 'the last good config cannot be used; the own file counts');
    }
    this.#running = undefined;
    await collectors.replace(own);
    setLogLevel(undefined);
    onChange();
  }

  /** Throws when it is wrong or cannot be started; then what ran before still does. */
  async #putToWork(stored: StoredConfig): Promise<void> {
    const checked = this.#check(stored);
    if (!checked.ok) throw new Error(checked.problems.join('; '));
    await this.#deps.collectors.replace(checked.collectors);
    this.#deps.setLogLevel(checked.logLevel);
    this.#running = stored;
  }

  #check({ config }: StoredConfig): CheckedConfig {
    if (config === null) return { ok: true, collectors: this.#deps.own, logLevel: undefined };
    return this.#deps.check(config);
  }

  async #end(): Promise<void> {
    this.#trialTimer?.abort();
    await this.#busy.catch(() => undefined);
    this.#trialTimer?.abort();
    // Only a stop that was asked for: an agent that fails in a trial is the very thing it is for.
    if (this.#running === this.#book.trial && this.#shutdown?.aborted === true)
      await this.#book.interruptTrial();
    await this.#deps.collectors.close();
  }
}
