import { z } from 'zod';
import { MAX_CONFIG_BYTES, pushedConfigSchema } from '../../contract/agent-config.ts';
import { checkConfig } from '../../runtime/config.ts';
import { UserError } from '../../runtime/errors.ts';
import {
  collectorListSchema,
  collectorsIn,
  loadKinds,
  type CollectorConfig,
  type LoadedKinds,
} from '../config/collectors-config.ts';
import { guardOf, limitProblems, type PushedLimits } from './pushed-limits.ts';
import { namedSecrets, secretProblems, withoutSecrets } from './pushed-secrets.ts';

const schema = (kinds: LoadedKinds) =>
  z.strictObject({
    collectors: collectorListSchema(kinds).min(
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
 * The check of the agent's own file, and of what its collectors may reach; returns all problems, such as
 * `collectors[1].targets: what was expected, got value`. Without `limits` (central does not know them) anything may be reached.
 */
export async function checkPushedConfig(
  config: unknown,
  limits: PushedLimits | undefined,
): Promise<CheckedConfig> {
  const problems = [...secretProblems(config, limits?.secretsDirectory)];
  try {
    const shown = problems.length === 0 ? config : withoutSecrets(config);
    const kinds = await loadKinds(collectorsIn(shown));
    const { collectors, log } = checkConfig('config', shown, schema(kinds));
    const limited =
      problems.length > 0 || limits === undefined ? collectors : limit(collectors, limits, config, problems);
    if (problems.length === 0) return { ok: true, collectors: limited, logLevel: log?.level };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.unshift(...error.problems.map((problem) => problem.replace(/^config: /, '')));
  }
  return { ok: false, problems };
}

/** Each with a guard of its own; adds what is refused to `problems`. */
function limit(
  collectors: readonly CollectorConfig[],
  limits: PushedLimits,
  config: unknown,
  problems: string[],
): readonly CollectorConfig[] {
  const leading = new Set<string>();
  const limited = collectors.map((collector, index) => {
    const at = `collectors[${index}]`;
    const reaches = collector.kind.reaches(collector.options);
    const secrets = reaches.targets.flatMap((target) => target.secrets ?? []);
    for (const { setting } of secrets) leading.add(`${at}.${setting}`);
    problems.push(...limitProblems(limits, reaches, at));
    return { ...collector, guard: guardOf(limits, reaches) };
  });
  // Otherwise nobody would have checked where it goes.
  const loose = namedSecrets(config).filter((setting) => !leading.has(setting));
  problems.push(...loose.map((setting) => `${setting}: nothing uses this secret; remove it`));
  return limited;
}

/** For central, before it publishes: every problem that can be found away from the agent's machine. */
export async function problemsOfPushedConfig(config: unknown): Promise<readonly string[]> {
  const bytes = Buffer.byteLength(JSON.stringify(config));
  const size =
    bytes > MAX_CONFIG_BYTES ? [`${bytes} bytes as JSON, at most ${MAX_CONFIG_BYTES} can be pushed`] : [];
  const checked = await checkPushedConfig(config, undefined);
  return checked.ok ? size : [...size, ...checked.problems];
}
