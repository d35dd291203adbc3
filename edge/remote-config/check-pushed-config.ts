import { z } from 'zod';
import { MAX_CONFIG_BYTES, pushedConfigSchema } from '../../contract/agent-config.ts';
import { checkConfig } from '../../runtime/config.ts';
import { UserError } from '../../runtime/errors.ts';
import { collectorListSchema, type CollectorConfig } from '../config/collectors-config.ts';
import { secretProblems, withoutSecrets } from './pushed-secrets.ts';

const schema = z.strictObject({
  collectors: collectorListSchema.min(
    1,
    'expected at least one collector (remove the config to go back to the agent’s own file)',
  ),
  log: pushedConfigSchema.shape.log,
});

export type CheckedConfig =
  | {
      readonly ok: true;
      readonly collectors: readonly CollectorConfig[];
      /** Missing: the level of the agent's own file. */
      readonly logLevel: string | undefined;
    }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * The check of the agent's own file, and the check of secrets; returns all problems, such as
 * `collectors[1].targets: what was expected, got value`.
 */
export function checkPushedConfig(config: unknown, secretsDirectory: string | undefined): CheckedConfig {
  const problems = [...secretProblems(config, secretsDirectory)];
  try {
    const shown = problems.length === 0 ? config : withoutSecrets(config);
    const { collectors, log } = checkConfig('config', shown, schema);
    if (problems.length === 0) return { ok: true, collectors, logLevel: log?.level };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.unshift(...error.problems.map((problem) => problem.slice('config: '.length)));
  }
  return { ok: false, problems };
}

/** For central, before it publishes: every problem that can be found away from the agent's machine. */
export function problemsOfPushedConfig(config: unknown): readonly string[] {
  const bytes = Buffer.byteLength(JSON.stringify(config));
  const size =
    bytes > MAX_CONFIG_BYTES ? [`${bytes} bytes as JSON, at most ${MAX_CONFIG_BYTES} can be pushed`] : [];
  const checked = checkPushedConfig(config, undefined);
  return checked.ok ? size : [...size, ...checked.problems];
}
