import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checkAll, checkConfig, loadConfig } from '../../runtime/config.ts';
import { messageOf, UserError } from '../../runtime/errors.ts';
import { CustomMeasurements } from '../catalogue/custom-measurements.ts';
import { copyCustomRecord } from '../catalogue/custom-record.ts';
import { centralConfigSchema, type CentralConfig } from './config.ts';
import { resolveConfig, type ResolvedConfig } from './resolve-config.ts';

/**
 * Reads `central.yaml` and every file and variable that it names; opens and starts nothing. What agents were pushed is read from `state.db`
 * where there is one, which stays as it is. Throws one UserError (exit 2) with the problems of all files, also of those that a partly wrong
 * `central.yaml` names.
 */
export function readCentralConfig(
  file: string,
  env: NodeJS.ProcessEnv,
): {
  readonly config: CentralConfig;
  readonly resolved: ResolvedConfig;
  /** Why it is not known what agents were pushed. */
  readonly unread: string | undefined;
} {
  const value = loadConfig(file, z.unknown());
  const valid = withValidSections(value);
  const { before, unread } = declaredBefore(valid.dataDirectory);
  const [config, resolved] = checkAll(
    () => checkConfig(file, value, centralConfigSchema),
    () => resolveConfig(valid, env, undefined, file, before),
  );
  return { config, resolved, unread };
}

function declaredBefore(dataDirectory: string): {
  readonly before?: CustomMeasurements;
  readonly unread?: string;
} {
  const path = join(dataDirectory, 'state.db');
  if (!existsSync(path)) return {};
  try {
    return { before: new CustomMeasurements(copyCustomRecord(path)) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { unread: `${messageOf(error)}; what agents were pushed is not checked` };
  }
}

/** A configuration of the sections that are valid by themselves; defaults stand for the others. */
function withValidSections(value: unknown): CentralConfig {
  const given = z.record(z.string(), z.unknown()).safeParse(value).data ?? {};
  const valid = Object.entries(centralConfigSchema.shape).flatMap(([name, schema]) =>
    schema.safeParse(given[name]).success ? [[name, given[name]] as const] : [],
  );
  return centralConfigSchema.parse({ dataDirectory: '.', ...Object.fromEntries(valid) });
}
