import type { AgentConfigMessage } from '../../contract/agent-config.ts';
import type { Clock } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Service } from '../../runtime/service.ts';
import type { CollectorConfig } from '../collectors-config.ts';
import type { CheckedConfig } from './check-pushed-config.ts';
import type { CollectorSet } from './collector-set.ts';
import type { ConfigFiles } from './config-files.ts';
import {
  highestRevision,
  judgeLeftTrial,
  shortReason,
  type ConfigRecords,
  type FailedConfig,
  type StoredConfig,
} from './records.ts';
import { judgeTrial } from './trial.ts';

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

/** Reads what an earlier run left and settles what it was in the middle of; collectors run from start() on. */
export async function openRemoteConfig(deps: RemoteConfigDeps): Promise<RemoteConfig> {
  const records = await deps.files.read();
  const left = judgeLeftTrial(records);
  const remote = new TriedConfig(deps, records);
  if (left === 'settled') await remote.forgetTrial();
  else if (typeof left === 'object') await remote.giveUp(left.revision, [left.reason]);
  return remote;
}

/**
 * own file or good → (message of a higher revision) checked → on disk as trial → at work → good, or given up and back.
 * Everything runs one after another on `#busy`. The collectors are exchanged only when all new ones could be made, so at
 * no moment is there nothing to go back to.
 */
class TriedConfig implements RemoteConfig {
  readonly name = 'collectors';
  readonly #deps: RemoteConfigDeps;
  #good: StoredConfig | undefined;
  #trial: StoredConfig | undefined;
  #failed: FailedConfig | undefined;
  /** What cannot be remembered as failed, since it may work another time: no room on disk, a good one of old. */
  #passing: FailedConfig | undefined;
  #running: StoredConfig | undefined;
  #newest: AgentConfigMessage | undefined;
  /** Revision in trial.json, which may be one that is not yet at work or no longer. */
  #trialOnDisk: number | undefined;
  #trialTimer: AbortController | undefined;
  #busy: Promise<void> = Promise.resolve();
  #shutdown: AbortSignal | undefined;
  #started = false;
  #stopping: Promise<void> | undefined;

  constructor(deps: RemoteConfigDeps, { good, trial, failed }: ConfigRecords) {
    this.#deps = deps;
    this.#good = good;
    this.#trial = trial;
    this.#failed = failed;
    this.#running = trial ?? good;
    this.#trialOnDisk = trial?.revision;
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#shutdown = signal;
    this.#started = true;
    this.#busy = this.#begin();
    await this.#busy;
    this.#takeNext();
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  receive(message: AgentConfigMessage): void {
    if (this.#stopping !== undefined || message.revision <= (this.#newest?.revision ?? 0)) return;
    this.#newest = message;
    if (this.#started) this.#takeNext();
  }

  status(): ConfigStatus {
    const revision = this.#running?.revision ?? 0;
    const trial = this.#running !== undefined && this.#running === this.#trial;
    const problems = [this.#failed, this.#passing].filter((problem) => problem !== undefined);
    const problem = problems.sort((a, b) => b.revision - a.revision)[0];
    return { revision, trial, problem: (problem?.revision ?? 0) > revision ? problem : undefined };
  }

  async forgetTrial(): Promise<void> {
    this.#trial = undefined;
    this.#running = this.#good;
    await this.#dropTrial();
  }

  /** For good, until the revision grows. A disk that does not take it only means that it is tried once more after a restart. */
  async giveUp(revision: number, problems: readonly string[]): Promise<void> {
    const { files, log, onChange } = this.#deps;
    const failed = { revision, reason: shortReason(problems) };
    log.warn(failed, 'config from central given up');
    if (this.#trial?.revision === revision) this.#trial = undefined;
    if (this.#running?.revision === revision) this.#running = this.#good;
    if (revision > (this.#failed?.revision ?? 0)) {
      this.#failed = failed;
      await this.#onDisk(() => files.rememberFailed(failed));
    }
    // Not before the other is remembered: it would be tried again.
    if (this.#trialOnDisk === revision) await this.#dropTrial();
    onChange();
  }

  async #begin(): Promise<void> {
    const { files } = this.#deps;
    const trial = this.#trial;
    if (trial !== undefined) {
      const { revision, config } = trial;
      // Armed again: this time nobody has asked it to stop yet.
      const isNoted = await this.#onDisk(() => files.beginTrial({ revision, config }));
      if (isNoted && (await this.#tryOut({ revision, config }))) return;
    }
    await this.#goBack();
  }

  #takeNext(): void {
    this.#busy = this.#busy
      .then(() => this.#take())
      .catch((error: unknown) => {
        this.#deps.log.error({ err: error }, 'a config from central could not be dealt with');
      });
  }

  async #take(): Promise<void> {
    const message = this.#newest;
    this.#newest = undefined;
    if (message === undefined || this.#stopping !== undefined) return;
    const known = { good: this.#good, trial: this.#trial, failed: this.#failed };
    const { revision, config } = message;
    if (revision <= highestRevision(known)) return;
    this.#deps.log.info({ revision }, 'config from central');
    const checked = this.#checkStored({ revision, config });
    if (!checked.ok) {
      await this.giveUp(revision, checked.problems);
      return;
    }
    try {
      await this.#deps.files.beginTrial({ revision, config });
      this.#trialOnDisk = revision;
    } catch (error) {
      // Without the note on disk a config that kills the agent would be tried for ever.
      this.#pass({ revision, reason: shortReason([`cannot be kept on disk: ${messageOf(error)}`]) });
      return;
    }
    const before = this.#trial;
    this.#trialTimer?.abort();
    if (await this.#tryOut({ revision, config })) return;
    // What ran is still there. If it was itself on trial, that trial is no longer on disk.
    if (before !== undefined) await this.#goBack();
  }

  /** False: it was given up, and what ran before still does. */
  async #tryOut(stored: StoredConfig): Promise<boolean> {
    const checked = this.#checkStored(stored);
    try {
      if (!checked.ok) throw new Error(checked.problems.join('; '));
      await this.#deps.collectors.replace(checked.collectors);
      this.#deps.setLogLevel(checked.logLevel);
    } catch (error) {
      await this.giveUp(stored.revision, [messageOf(error)]);
      return false;
    }
    this.#trial = stored;
    this.#running = stored;
    this.#passing = undefined;
    this.#deps.onChange();
    this.#watch(stored.revision);
    return true;
  }

  #watch(revision: number): void {
    const timer = new AbortController();
    this.#trialTimer = timer;
    const judge = async (): Promise<void> => {
      if (!timer.signal.aborted && this.#trial?.revision === revision) await this.#judge(revision);
    };
    this.#deps.clock.sleep(TRIAL_MS, timer.signal).then(
      () => {
        this.#busy = this.#busy.then(judge).catch((error: unknown) => {
          this.#deps.log.error({ err: error, revision }, 'a config on trial could not be judged');
        });
      },
      () => undefined, // another one came, or the agent stops
    );
  }

  async #judge(revision: number): Promise<void> {
    const { collectors, files, log, onChange } = this.#deps;
    const reason = judgeTrial(collectors.names, collectors.tallies);
    if (reason !== undefined) {
      await this.giveUp(revision, [reason]);
      await this.#goBack();
      return;
    }
    if (!(await this.#onDisk(() => files.keepTrial()))) {
      this.#watch(revision);
      return;
    }
    this.#good = this.#trial;
    this.#trial = undefined;
    this.#trialOnDisk = undefined;
    this.#running = this.#good;
    log.info({ revision, collectors: collectors.names }, 'config from central is good');
    onChange();
  }

  /** To the last good one, or to the agent's own file where there is none or a newer program no longer takes it. */
  async #goBack(): Promise<void> {
    const { collectors, own, setLogLevel, onChange, log } = this.#deps;
    const good = this.#good;
    this.#trial = undefined;
    if (good !== undefined) {
      const checked = this.#checkStored(good);
      try {
        if (!checked.ok) throw new Error(checked.problems.join('; '));
        await collectors.replace(checked.collectors);
        setLogLevel(checked.logLevel);
        this.#running = good;
        onChange();
        return;
      } catch (error) {
        const { revision } = good;
        const reason = shortReason([`worked before, but no longer does: ${messageOf(error)}`]);
        log.error({ revision, reason }, 'the last good config cannot be used; the own file counts');
        this.#passing = { revision, reason };
      }
    }
    this.#running = undefined;
    await collectors.replace(own);
    setLogLevel(undefined);
    onChange();
  }

  #checkStored({ config }: StoredConfig): CheckedConfig {
    if (config === null) return { ok: true, collectors: this.#deps.own, logLevel: undefined };
    return this.#deps.check(config);
  }

  #pass(problem: FailedConfig): void {
    this.#passing = problem;
    this.#deps.log.warn(problem, 'config from central not taken for now');
    this.#deps.onChange();
  }

  async #dropTrial(): Promise<void> {
    if (await this.#onDisk(() => this.#deps.files.dropTrial())) this.#trialOnDisk = undefined;
  }

  async #onDisk(step: () => Promise<void>): Promise<boolean> {
    try {
      await step();
      return true;
    } catch (error) {
      this.#deps.log.error({ problem: messageOf(error) }, 'config from central: the disk does not take it');
      return false;
    }
  }

  async #end(): Promise<void> {
    this.#trialTimer?.abort();
    await this.#busy.catch(() => undefined);
    this.#trialTimer?.abort();
    const trial = this.#trial;
    // Only a stop that was asked for: an agent that fails in a trial is the very thing it is for.
    if (trial !== undefined && this.#running === trial && this.#shutdown?.aborted === true) {
      await this.#onDisk(() => this.#deps.files.beginTrial({ ...trial, interrupted: true }));
    }
    await this.#deps.collectors.close();
  }
}
