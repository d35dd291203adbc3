import { z } from 'zod';
import { MAX_CONFIG_PROBLEM_CHARS } from '../../contract/state.ts';

const revision = z.int().min(1);

/** A pushed config as it came; `null` stands for the agent's own file. */
const storedSchema = z.object({ revision, config: z.unknown() });
export type StoredConfig = Readonly<z.infer<typeof storedSchema>>;

/** On disk while a config is tried. `interrupted`: the agent was asked to stop meanwhile, which proves nothing. */
const trialSchema = storedSchema.extend({ interrupted: z.literal(true).optional() });
export type TrialConfig = Readonly<z.infer<typeof trialSchema>>;

/** The highest revision that was refused or rolled back. */
const failedSchema = z.object({ revision, reason: z.string().max(MAX_CONFIG_PROBLEM_CHARS) });
export type FailedConfig = Readonly<z.infer<typeof failedSchema>>;

export const RECORD_SCHEMAS = { good: storedSchema, trial: trialSchema, failed: failedSchema };

/** What stands in the data directory. */
export interface ConfigRecords {
  readonly good: StoredConfig | undefined;
  readonly trial: TrialConfig | undefined;
  readonly failed: FailedConfig | undefined;
}

export const NO_RECORDS: ConfigRecords = { good: undefined, trial: undefined, failed: undefined };

/** Revisions up to this one are known and not taken again: retained messages repeat. Pure. */
export function highestRevision({ good, trial, failed }: ConfigRecords): number {
  return Math.max(0, good?.revision ?? 0, trial?.revision ?? 0, failed?.revision ?? 0);
}

const DIED =
  'the agent ended while it was tried (killed, crashed, or power was cut); push it again if that was not its fault';

/**
 * What a start makes of a trial that it finds: the process ended in it. A stop that was asked for is no proof, so it is
 * tried again; any other end is held against the config. Pure.
 */
export function judgeLeftTrial({
  trial,
  failed,
}: ConfigRecords): 'none' | 'settled' | 'again' | FailedConfig {
  if (trial === undefined) return 'none';
  // Killed between the two steps of giving it up.
  if (failed?.revision === trial.revision) return 'settled';
  return trial.interrupted === true ? 'again' : { revision: trial.revision, reason: DIED };
}

/** One line of limited length, as it may stand in a state message. Pure. */
export function shortReason(problems: readonly string[]): string {
  const text = problems.join('; ').replace(/\p{Cc}+/gu, ' ');
  return text.length <= MAX_CONFIG_PROBLEM_CHARS ? text : `${text.slice(0, MAX_CONFIG_PROBLEM_CHARS - 1)}…`;
}
