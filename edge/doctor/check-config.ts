import type { Logger } from '../../runtime/logger.ts';
import type { CollectorConfig } from '../config/collectors-config.ts';
import type { EdgeConfig } from '../config/edge-config.ts';
import { nodeDisk } from '../queue/disk.ts';
import { checkPushedConfig } from '../remote-config/check-pushed-config.ts';
import { configDirectory, ConfigFiles } from '../remote-config/config-files.ts';
import { pushedLimitsOf } from '../remote-config/pushed-limits.ts';
import { NO_RECORDS, type ConfigRecords, type StoredConfig } from '../remote-config/records.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

export interface ConfigFindings {
  readonly findings: readonly Finding[];
  /** Those that the agent runs. */
  readonly collectors: readonly CollectorConfig[];
}

/** Which config is in force on this machine, and whether a newer one was rejected. */
export async function checkConfigInForce(
  config: EdgeConfig,
  { agentRuns, log }: { readonly agentRuns: boolean; readonly log: Logger },
): Promise<ConfigFindings> {
  if (!config.configFromCentral.accept) {
    const finding = ok('config', 'the collectors of this file; none is taken from central');
    return { findings: [finding], collectors: config.collectors };
  }
  const files = new ConfigFiles({ directory: configDirectory(config), disk: nodeDisk, log });
  const records = await files.read();
  const { findings, collectors } = await inForce(config, records, agentRuns);
  const failed = findingOfFailed(records);
  return { findings: failed === undefined ? findings : [...findings, failed], collectors };
}

/** The revision from central that runs instead of this file, if one does. */
export async function revisionInstead(config: EdgeConfig, log: Logger): Promise<number | undefined> {
  const files = new ConfigFiles({ directory: configDirectory(config), disk: nodeDisk, log });
  const { good, trial } = config.configFromCentral.accept ? await files.read() : NO_RECORDS;
  const stored = trial ?? good;
  return stored === undefined || stored.config === null ? undefined : stored.revision;
}

async function inForce(
  config: EdgeConfig,
  { good, trial, failed }: ConfigRecords,
  agentRuns: boolean,
): Promise<ConfigFindings> {
  const own = config.collectors;
  // Without a running agent the trial counts as unfinished: the next start rolls it back or repeats it.
  const stored: StoredConfig | undefined = agentRuns ? (trial ?? good) : good;
  if (stored === undefined) {
    const none = failed === undefined ? 'none was pushed by central' : 'none that central pushed was good';
    return { findings: [ok('config', `the collectors of this file; ${none}`)], collectors: own };
  }
  const { revision } = stored;
  if (stored.config === null) {
    const seen = `the collectors of this file; revision ${revision} took back what central had pushed`;
    return { findings: [ok('config', seen)], collectors: own };
  }
  const checked = await checkPushedConfig(stored.config, pushedLimitsOf(config));
  if (!checked.ok) {
    const seen = `revision ${revision} of central can no longer be used: ${checked.problems.join('; ')}`;
    const advice = 'the collectors of this file run instead: correct it at central and push it again';
    return { findings: [fail('config', seen, advice)], collectors: own };
  }
  const onTrial = stored === trial ? ', on trial' : '';
  const seen = `revision ${revision}, pushed by central${onTrial}; the collectors of this file do not run`;
  return { findings: [ok('config', seen)], collectors: checked.collectors };
}

function findingOfFailed({ good, trial, failed }: ConfigRecords): Finding | undefined {
  const newest = Math.max(good?.revision ?? 0, trial?.revision ?? 0);
  if (failed === undefined || failed.revision < newest) return undefined;
  const seen = `revision ${failed.revision} of central was given up: ${failed.reason}`;
  return warn('config', seen, 'the one before runs: correct it at central and push it again');
}
