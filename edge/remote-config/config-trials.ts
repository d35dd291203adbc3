import type { Logger } from '../../runtime/logger.ts';
import type { ConfigFiles } from './config-files.ts';
import {
  highestRevision,
  NO_RECORDS,
  resolveLeftTrial,
  shortReason,
  type ConfigRecords,
  type FailedConfig,
  type StoredConfig,
} from './records.ts';

/**
 * The good config, the one on trial and the failed one, in memory and on disk. A failed write is logged only: what it
 * should have recorded is tried again after a restart.
 */
export class ConfigTrials {
  readonly #files: ConfigFiles;
  readonly #log: Logger;
  #records: ConfigRecords = NO_RECORDS;
  /** Revision in trial.json, which may not run yet or no longer. */
  #trialOnDisk: number | undefined;

  constructor(files: ConfigFiles, log: Logger) {
    this.#files = files;
    this.#log = log;
  }

  get good(): StoredConfig | undefined {
    return this.#records.good;
  }

  /** Runs, but is not yet good. */
  get trial(): StoredConfig | undefined {
    return this.#records.trial;
  }

  get failed(): FailedConfig | undefined {
    return this.#records.failed;
  }

  isKnown(revision: number): boolean {
    return revision <= highestRevision(this.#records);
  }

  /** Reads the records and resolves an unfinished trial. */
  async open(): Promise<void> {
    const records = await this.#files.read();
    const left = resolveLeftTrial(records);
    this.#records = records;
    this.#trialOnDisk = records.trial?.revision;
    if (records.good !== undefined) await this.#tryWrite(() => this.#files.syncDirectory());
    if (left === 'rejected') {
      this.endTrial();
      await this.#removeTrial();
    } else if (typeof left === 'object') {
      await this.reject(left.revision, [left.reason]);
    }
  }

  /** To be called before the config runs: otherwise one that kills the agent would be tried for ever. Rejects when it cannot be written. */
  async writeTrial({ revision, config }: StoredConfig): Promise<void> {
    await this.#files.writeTrial({ revision, config });
    this.#trialOnDisk = revision;
  }

  /** The config runs. */
  beginTrial(stored: StoredConfig): void {
    this.#records = { ...this.#records, trial: stored };
  }

  /** Ends the trial without a result: another config runs. */
  endTrial(): void {
    this.#records = { ...this.#records, trial: undefined };
  }

  /** Promotes the trial config to good. False while it cannot be written; call again. */
  async promoteTrial(): Promise<boolean> {
    if (!(await this.#tryWrite(() => this.#files.promoteTrial()))) return false;
    this.#records = { ...this.#records, good: this.#records.trial, trial: undefined };
    this.#trialOnDisk = undefined;
    return true;
  }

  /** This revision is not tried again. */
  async reject(revision: number, problems: readonly string[]): Promise<void> {
    const failed = { revision, reason: shortReason(problems) };
    this.#log.warn(failed, 'config from central rejected');
    if (this.trial?.revision === revision) this.endTrial();
    if (revision > (this.failed?.revision ?? 0)) {
      this.#records = { ...this.#records, failed };
      await this.#tryWrite(() => this.#files.writeFailed(failed));
    }
    // Only after the failure is written: otherwise it would be tried again.
    if (this.#trialOnDisk === revision) await this.#removeTrial();
  }

  /** The agent was asked to stop: the trial is repeated at the next start. */
  async interruptTrial(): Promise<void> {
    const { trial } = this;
    if (trial !== undefined)
      await this.#tryWrite(() => this.#files.writeTrial({ ...trial, interrupted: true }));
  }

  async #removeTrial(): Promise<void> {
    if (await this.#tryWrite(() => this.#files.removeTrial())) this.#trialOnDisk = undefined;
  }

  async #tryWrite(write: () => Promise<void>): Promise<boolean> {
    try {
      await write();
      return true;
    } catch (error) {
      this.#log.error({ err: error }, 'record of the config from central cannot be written');
      return false;
    }
  }
}
