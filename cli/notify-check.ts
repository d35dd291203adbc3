import { basename, dirname } from 'node:path';
import { centralConfigSchema } from '../central/config/config.ts';
import { loadInventory } from '../central/inventory/inventory.ts';
import { allowedBy, channelsIn, readChannel } from '../central/notify/settings/load-notify.ts';
import { readRoutes, ROUTES_FILE } from '../central/notify/settings/read-routes.ts';
import { gapTexts } from '../central/notify/on-call/gap-text.ts';
import { unknownNames } from '../central/notify/settings/unknown-names.ts';
import { calendarsOf } from '../central/notify/settings/on-call-settings.ts';
import { checkAll, loadConfig } from '../runtime/config.ts';
import { UserError } from '../runtime/errors.ts';
import { print, terminalText } from './terminal.ts';

/** Prints what each file is, or throws a UserError (exit 2) with the problems of all. */
export function runNotifyCheck(
  files: readonly string[],
  options: { readonly config?: string },
  env: NodeJS.ProcessEnv,
): void {
  const readConfig = () =>
    options.config === undefined ? undefined : loadConfig(options.config, centralConfigSchema);
  // What central.yaml allows is not known where it has problems of its own; those of the files are told all the same.
  const config = attempt(readConfig);
  const allowed = allowedBy(config?.notify ?? { allowTargets: [], allowPrograms: undefined });
  const inventoryFile = config?.inventoryFile;
  const inventory = inventoryFile === undefined ? undefined : attempt(() => loadInventory(inventoryFile));
  const context = { ...allowed, env, timeZone: config?.timeZone ?? 'UTC' };
  const check = (file: string): string => {
    if (basename(file) !== ROUTES_FILE) return `channel ${readChannel(file, context).kind}`;
    const channels = channelsIn(dirname(file));
    const settings = readRoutes(file, { channels, rules: undefined });
    const { length } = settings.routes;
    const gaps = calendarsOf(settings, context.timeZone).gaps(Date.now());
    const unknown = inventory === undefined ? [] : unknownNames(settings.routes, inventory);
    return [length === 1 ? '1 route' : `${length} routes`, ...gapTexts(gaps), ...unknown].join('\n  ');
  };
  const [found] = checkAll(
    () => checkAll(...files.map((file) => () => [file, check(file)] as const)),
    readConfig,
  );
  for (const [file, what] of found) print(`${terminalText(file)}: valid: ${what}\n`);
}

/** undefined: it has problems. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
