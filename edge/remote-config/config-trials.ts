import type { Logger } from '../../runtime/logger.ts';
import type { ConfigFiles } from './config-files.ts';
import {
  highestRevision,
  judgeLeftTrial,
  NO_RECORDS,
  shortReason,
  type ConfigRecords,
  type FailedConfig,
  type StoredConfig,
} from './records.ts';

/**
 * Which configs are good, on trial and given up, in memory and on disk. A disk that refuses is no reason to stop: what it
 * then does not know is tried once more after a restart.
 */
export class TrialBook {
  readonly #files: ConfigFiles;
  readonly #log: Logger;
  #records: ConfigRecords = NO_RECORDS;
  /** Revision in trial.json, which may be one that is not yet at work or no longer. */
  #trialOnDisk: number | undefined;

  constructor(files: ConfigFiles, log: Logger) {
    this.#files = files;
    this.#log = log;
  }

  get good(): StoredConfig | undefined {
    return this.#records.good;
  }

  /** At work, and not yet good. */
  get trial(): StoredConfig | undefined {
    return this.#records.trial;
  }

  get failed(): FailedConfig | undefined {
    return this.#records.failed;
  }

  isKnown(revision: number): boolean {
    return revision <= highestRevision(this.#records);
  }

  /** Reads what an earlier run left, and settles what it was in the middle of. */
  async open(): Promise<void> {
    const records = await this.#files.read();
    const left = judgeLeftTrial(records);
    this.#records = records;
    this.#trialOnDisk = records.trial?.revision;
    if (records.good !== undefined) await this.#onDisk(() => this.#files.secure());
    if (left === 'settled') {
      this.endTrial();
      await this.#dropTrial();
    } else if (typeof left === 'object') {
      await this.giveUp(left.revision, [left.reason]);
    }
  }

  /** Before it is put to work: without the note a config that kills the agent would be tried for ever. Throws when the disk refuses. */
  async note({ revision, config }: StoredConfig): Promise<void> {
    await this.#files.beginTrial({ revision, config });
    this.#trialOnDisk = revision;
  }

  /** It is at work. */
  beginTrial(stored: StoredConfig): void {
    this.#records = { ...this.#records, trial: stored };
  }

  /** Undecided: another one is at work. */
  endTrial(): void {
    this.#records = { ...this.#records, trial: undefined };
  }

  /** What is on trial is good. False: not as long as it cannot be written. */
  async keepTrial(): Promise<boolean> {
    if (!(await this.#onDisk(() => this.#files.keepTrial()))) return false;
    this.#records = { ...this.#records, good: this.#records.trial, trial: undefined };
    this.#trialOnDisk = undefined;
    return true;
  }

  /** For good, until the revision grows. */
  async giveUp(revision: number, problems: readonly string[]): Promise<void> {
    const failed = { revision, reason: shortReason(problems) };
    this.#log.warn(failed, 'config from central given up');
    if (this.trial?.revision === revision) this.endTrial();
    if (revision > (this.failed?.revision ?? 0)) {
      this.#records = { ...this.#records, failed };
      await this.#onDisk(() => this.#files.rememberFailed(failed));
    }
    // Not before the other is remembered: it would be tried again.
    if (this.#trialOnDisk === revision) await this.#dropTrial();
  }

  /** The agent is asked to stop: the trial goes on at the next start. */
  async interruptTrial(): Promise<void> {
    const { trial } = this;
    if (trial !== undefined)
      await this.#onDisk(() => this.#files.beginTrial({ ...trial, interrupted: true }));
  }

  async #dropTrial(): Promise<void> {
    if (await this.#onDisk(() => this.#files.dropTrial())) this.#trialOnDisk = undefined;
  }

  async #onDisk(step: () => Promise<void>): Promise<boolean> {
    try {
      await step();
      return true;
    } catch (error) {
      this.#log.error({ err: error }, 'config from central: the disk does not take it');
      return false;
    }
  }
}
