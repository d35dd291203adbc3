import type { AgentConfigMessage } from '../../contract/agent-config.ts';
import type { Clock } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Service } from '../../runtime/service.ts';
import type { CollectorConfig } from '../config/collectors-config.ts';
import type { CollectorSet } from '../scheduler/collector-set.ts';
import type { CheckedConfig } from './check-pushed-config.ts';
import type { ConfigFiles } from './config-files.ts';
import { ConfigTrials } from './config-trials.ts';
import { evaluateTrial } from './evaluate-trial.ts';
import { shortReason, type FailedConfig, type StoredConfig } from './records.ts';

export interface ConfigStatus {
  /** 0: the agent's own file, and no config was ever accepted. */
  readonly revision: number;
  /** On trial: after a kill the previous one would run. */
  readonly trial: boolean;
  /** Of a higher revision, which is not running. */
  readonly problem: FailedConfig | undefined;
}

export interface RemoteConfigDeps {
  readonly files: ConfigFiles;
  /** From the agent's own file. */
  readonly own: readonly CollectorConfig[];
  readonly collectors: CollectorSet;
  readonly check: (config: unknown) => Promise<CheckedConfig>;
  /** Undefined: the level of the agent's own file. */
  readonly setLogLevel: (level: string | undefined) => void;
  /** Called when status() changes. */
  readonly onChange: () => void;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface RemoteConfig extends Service {
  /** Does not wait; the newest message wins. */
  receive(message: AgentConfigMessage): void;
  status(): ConfigStatus;
}

/** Long enough for the first run of every collector, and for a config that crashes the agent to do so. */
export const TRIAL_MS = 30_000;

/** Resolves an unfinished trial; collectors run from start() on. */
export async function openRemoteConfig(deps: RemoteConfigDeps): Promise<RemoteConfig> {
  const trials = new ConfigTrials(deps.files, deps.log);
  await trials.open();
  return new TriedConfig(deps, trials);
}

/**
 * own file or good → (message of a higher revision) checked → written as trial → running → good, or rejected and rolled
 * back. Steps run one at a time on `#busy`. The collectors are replaced only when all new ones could be made, so there is
 * always a config to roll back to.
 */
class TriedConfig implements RemoteConfig {
  readonly name = 'collectors';
  readonly #deps: RemoteConfigDeps;
  readonly #trials: ConfigTrials;
  /** A problem that is not recorded as failed, because it may pass: a full disk, a good config that no longer loads. */
  #temporaryProblem: FailedConfig | undefined;
  #running: StoredConfig | undefined;
  #newest: AgentConfigMessage | undefined;
  #trialTimer: AbortController | undefined;
  #busy: Promise<void> = Promise.resolve();
  #shutdown: AbortSignal | undefined;
  #started = false;
  #stopping: Promise<void> | undefined;

  constructor(deps: RemoteConfigDeps, trials: ConfigTrials) {
    this.#deps = deps;
    this.#trials = trials;
    this.#running = trials.trial ?? trials.good;
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#shutdown = signal;
    this.#started = true;
    this.#busy = this.#begin();
    await this.#busy;
    this.#enqueue(() => this.#tryNewest());
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#end();
    return this.#stopping;
  }

  receive(message: AgentConfigMessage): void {
    if (this.#stopping !== undefined || message.revision <= (this.#newest?.revision ?? 0)) return;
    this.#newest = message;
    if (this.#started) this.#enqueue(() => this.#tryNewest());
  }

  status(): ConfigStatus {
    const revision = this.#running?.revision ?? 0;
    const trial = this.#running !== undefined && this.#running === this.#trials.trial;
    const problems = [this.#trials.failed, this.#temporaryProblem].filter((problem) => problem !== undefined);
    const newest = problems.sort((a, b) => b.revision - a.revision)[0];
    return { revision, trial, problem: (newest?.revision ?? 0) > revision ? newest : undefined };
  }

  #enqueue(work: () => Promise<void>): void {
    this.#busy = this.#busy.then(work).catch((error: unknown) => {
      this.#deps.log.error({ err: error }, 'config from central could not be applied');
    });
  }

  async #begin(): Promise<void> {
    const { trial } = this.#trials;
    // Written again, to clear `interrupted`.
    if (trial !== undefined && (await this.#writeTrial(trial)) && (await this.#startTrial(trial))) return;
    await this.#rollBack();
  }

  async #tryNewest(): Promise<void> {
    const message = this.#newest;
    this.#newest = undefined;
    if (message === undefined || this.#stopping !== undefined) return;
    const { revision, config } = message;
    if (this.#trials.isKnown(revision)) return;
    this.#deps.log.info({ revision }, 'config from central');
    const checked = await this.#check({ revision, config });
    if (!checked.ok) {
      await this.#reject(revision, checked.problems);
      return;
    }
    const before = this.#trials.trial;
    if (!(await this.#writeTrial({ revision, config }))) return;
    this.#trialTimer?.abort();
    if (await this.#startTrial({ revision, config })) return;
    // The previous config still runs. If it was on trial, its record was overwritten.
    if (before !== undefined) await this.#rollBack();
  }

  /** False when it cannot be written; then it is not tried now. */
  async #writeTrial(stored: StoredConfig): Promise<boolean> {
    try {
      await this.#trials.writeTrial(stored);
      return true;
    } catch (error) {
      const reason = shortReason([`cannot be written to disk: ${messageOf(error)}`]);
      this.#temporaryProblem = { revision: stored.revision, reason };
      this.#deps.log.warn(this.#temporaryProblem, 'config from central not accepted for now');
      this.#deps.onChange();
      return false;
    }
  }

  /** False when it was rejected; then the previous config still runs. */
  async #startTrial(stored: StoredConfig): Promise<boolean> {
    try {
      await this.#apply(stored);
    } catch (error) {
      await this.#reject(stored.revision, [messageOf(error)]);
      return false;
    }
    this.#trials.beginTrial(stored);
    this.#temporaryProblem = undefined;
    this.#deps.onChange();
    this.#scheduleEvaluation(stored.revision);
    return true;
  }

  #scheduleEvaluation(revision: number): void {
    const timer = new AbortController();
    this.#trialTimer = timer;
    const evaluate = async (): Promise<void> => {
      if (!timer.signal.aborted && this.#trials.trial?.revision === revision) await this.#evaluate(revision);
    };
    this.#deps.clock.sleep(TRIAL_MS, timer.signal).then(
      () => this.#enqueue(evaluate),
      () => undefined, // a newer config arrived, or the agent stops
    );
  }

  async #evaluate(revision: number): Promise<void> {
    const { collectors, log, onChange } = this.#deps;
    const reason = evaluateTrial(collectors.names, collectors.runCounts);
    if (reason !== undefined) {
      await this.#reject(revision, [reason]);
      await this.#rollBack();
    } else if (await this.#trials.promoteTrial()) {
      log.info({ revision, collectors: collectors.names }, 'config from central is good');
      onChange();
    } else {
      this.#scheduleEvaluation(revision);
    }
  }

  async #reject(revision: number, problems: readonly string[]): Promise<void> {
    // First: during the write status() must not report it as running.
    if (this.#running?.revision === revision) this.#running = this.#trials.good;
    await this.#trials.reject(revision, problems);
    this.#deps.onChange();
  }

  /** To the last good config, or to the agent's own file if there is none or it no longer loads. */
  async #rollBack(): Promise<void> {
    const { collectors, own, setLogLevel, onChange, log } = this.#deps;
    const { good } = this.#trials;
    this.#trials.endTrial();
    try {
      if (good !== undefined) {
        await this.#apply(good);
        onChange();
        return;
      }
    } catch (error) {
      const reason = shortReason([`worked before, but no longer does: ${messageOf(error)}`]);
      this.#temporaryProblem = { revision: good?.revision ?? 0, reason };
      log.error(
        this.#temporaryProblem,
        'last good config cannot be used; running the collectors of the own file',
      );
    }
    this.#running = undefined;
    await collectors.replace(own);
    setLogLevel(undefined);
    onChange();
  }

  /** Rejects when it is invalid or cannot be started; then the previous config still runs. */
  async #apply(stored: StoredConfig): Promise<void> {
    const checked = await this.#check(stored);
    if (!checked.ok) throw new Error(checked.problems.join('; '));
    await this.#deps.collectors.replace(checked.collectors);
    this.#deps.setLogLevel(checked.logLevel);
    this.#running = stored;
  }

  async #check({ config }: StoredConfig): Promise<CheckedConfig> {
    if (config === null) return { ok: true, collectors: this.#deps.own, logLevel: undefined };
    try {
      return await this.#deps.check(config);
    } catch (error) {
      // A config that is never refused would be waited for at central for ever.
      this.#deps.log.error({ err: error }, 'config from central could not be checked');
      return { ok: false, problems: [`cannot be checked: ${messageOf(error)}`] };
    }
  }

  async #end(): Promise<void> {
    this.#trialTimer?.abort();
    await this.#busy.catch(() => undefined);
    this.#trialTimer?.abort();
    // After a requested stop only: a failure of the agent counts against the config.
    if (this.#running === this.#trials.trial && this.#shutdown?.aborted === true)
      await this.#trials.interruptTrial();
    await this.#deps.collectors.close();
  }
}
