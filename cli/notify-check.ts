import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { centralConfigSchema } from '../central/config/config.ts';
import {
  allowedBy,
  channelIdOf,
  readChannel,
  readRoutes,
  ROUTES_FILE,
} from '../central/notify/settings/load-notify.ts';
import { checkAll, loadConfig } from '../runtime/config.ts';
import { print, terminalText } from './terminal.ts';

/** Prints what each file is, or throws a UserError (exit 2) with the problems of all. */
export function runNotifyCheck(
  files: readonly string[],
  options: { readonly config?: string },
  env: NodeJS.ProcessEnv,
): void {
  const config = options.config === undefined ? undefined : loadConfig(options.config, centralConfigSchema);
  const allowed = allowedBy(config?.notify ?? { allowTargets: [], allowPrograms: undefined });
  const context = { ...allowed, env, timeZone: config?.timeZone ?? 'UTC' };
  const check = (file: string): string => {
    if (basename(file) !== ROUTES_FILE) return `channel ${readChannel(file, context).kind}`;
    const channels = readdirSync(dirname(file)).map(channelIdOf);
    return `${readRoutes(file, { channels, rules: undefined }).routes.length} routes`;
  };
  const found = checkAll(...files.map((file) => () => [file, check(file)] as const));
  for (const [file, what] of found) print(`${terminalText(file)}: valid: ${what}\n`);
}
