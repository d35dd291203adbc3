import { z } from 'zod';
import { checkAll, checkConfig, loadConfig } from '../../runtime/config.ts';
import { centralConfigSchema, type CentralConfig } from './config.ts';
import { resolveConfig, type ResolvedConfig } from './resolve-config.ts';

/**
 * Reads `central.yaml` and every file and variable that it names; opens and starts nothing. Throws one UserError
 * (exit 2) with the problems of all files, also of those that a partly wrong `central.yaml` names.
 */
export function readCentralConfig(
  file: string,
  env: NodeJS.ProcessEnv,
): { readonly config: CentralConfig; readonly resolved: ResolvedConfig } {
  const value = loadConfig(file, z.unknown());
  const [config, resolved] = checkAll(
    () => checkConfig(file, value, centralConfigSchema),
    () => resolveConfig(withValidSections(value), env, undefined, file),
  );
  return { config, resolved };
}

/** A configuration of the sections that are valid by themselves; defaults stand for the others. */
function withValidSections(value: unknown): CentralConfig {
  const given = z.record(z.string(), z.unknown()).safeParse(value).data ?? {};
  const valid = Object.entries(centralConfigSchema.shape).flatMap(([name, schema]) =>
    schema.safeParse(given[name]).success ? [[name, given[name]] as const] : [],
  );
  return centralConfigSchema.parse({ dataDirectory: '.', ...Object.fromEntries(valid) });
}
