import { z } from 'zod';
import { MAX_CONFIG_PROBLEM_CHARS } from '../../contract/state.ts';

const revision = z.int().min(1);

/** A pushed config as received; `null` stands for the agent's own file. */
const storedSchema = z.object({ revision, config: z.unknown() });
export type StoredConfig = Readonly<z.infer<typeof storedSchema>>;

/** On disk during a trial. `interrupted`: the agent was asked to stop during it, so the trial is repeated. */
const trialSchema = storedSchema.extend({ interrupted: z.literal(true).optional() });
export type TrialConfig = Readonly<z.infer<typeof trialSchema>>;

/** The highest revision that was rejected or rolled back. */
const failedSchema = z.object({ revision, reason: z.string().max(MAX_CONFIG_PROBLEM_CHARS) });
export type FailedConfig = Readonly<z.infer<typeof failedSchema>>;

export const RECORD_SCHEMAS = { good: storedSchema, trial: trialSchema, failed: failedSchema };

/** The records in the data directory. */
export interface ConfigRecords {
  readonly good: StoredConfig | undefined;
  readonly trial: TrialConfig | undefined;
  readonly failed: FailedConfig | undefined;
}

export const NO_RECORDS: ConfigRecords = { good: undefined, trial: undefined, failed: undefined };

/** Revisions up to this one are known and ignored, because retained messages repeat. Pure. */
export function highestRevision({ good, trial, failed }: ConfigRecords): number {
  return Math.max(0, good?.revision ?? 0, trial?.revision ?? 0, failed?.revision ?? 0);
}

const DIED =
  'the agent ended while it was tried (killed, crashed, or power was cut); push it again if that was not its fault';

/**
 * What to do at start with a trial during which the process ended. After a requested stop it is repeated; after any other
 * end the config counts as failed. Pure.
 */
export function resolveLeftTrial({
  trial,
  failed,
}: ConfigRecords): 'none' | 'rejected' | 'repeat' | FailedConfig {
  if (trial === undefined) return 'none';
  // Killed between the two steps of its rejection.
  if (failed?.revision === trial.revision) return 'rejected';
  return trial.interrupted === true ? 'repeat' : { revision: trial.revision, reason: DIED };
}

/** One line of limited length, for a state message. Pure. */
export function shortReason(problems: readonly string[]): string {
  const text = problems.join('; ').replace(/\p{Cc}+/gu, ' ');
  return text.length <= MAX_CONFIG_PROBLEM_CHARS ? text : `${text.slice(0, MAX_CONFIG_PROBLEM_CHARS - 1)}…`;
}
