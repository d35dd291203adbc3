import type { RuleOrigin } from '../central/alerts/rules/rule.ts';
import type { CentralConfig } from '../central/config/config.ts';
import { readCentralConfig } from '../central/config/read-config.ts';
import type { ResolvedConfig } from '../central/config/resolve-config.ts';
import { gapTexts } from '../central/notify/on-call/gap-text.ts';
import { unknownNames } from '../central/notify/settings/unknown-names.ts';
import { listsOf } from '../central/inventory/inventory.ts';
import { storeLocation } from '../central/store/store-config.ts';
import { UserError } from '../runtime/errors.ts';
import { print, terminalJson } from './terminal.ts';

/** Prints what the configuration of central and the files it names hold, or throws a UserError (exit 2) with all problems. */
export function runCentralCheck(
  options: { readonly config: string; readonly json?: true },
  env: NodeJS.ProcessEnv,
): void {
  const isJson = options.json === true;
  try {
    const { config, resolved, unread } = readCentralConfig(options.config, env);
    const found = summaryOf(config, resolved, unread);
    print(isJson ? terminalJson({ event: 'checked', valid: true, ...found }) : textOf(options.config, found));
  } catch (error) {
    if (isJson && error instanceof UserError)
      print(terminalJson({ event: 'checked', valid: false, problems: error.problems }));
    throw error;
  }
}

export interface ConfigSummary {
  readonly broker: { readonly kind: CentralConfig['broker']['kind']; readonly url: string };
  readonly store: { readonly kind: CentralConfig['store']['kind']; readonly location: string };
  readonly api: { readonly url: string };
  readonly rules: { readonly shipped: number; readonly added: number; readonly replaced: readonly string[] };
  /** What works now, but will not for long: one line each. */
  readonly warnings: readonly string[];
  /** Number of entries of each list; undefined: it is not in a file, but in the data directory. */
  readonly inventory: Readonly<Record<string, number>> | undefined;
  readonly sparkplug: boolean;
  /** Not there where nobody is told of alerts. */
  readonly notify?: { readonly channels: number; readonly routes: number };
}

function summaryOf(
  config: CentralConfig,
  resolved: ResolvedConfig,
  unread: string | undefined,
): ConfigSummary {
  const { api, broker } = config;
  const { inventory, notify, storeChoice: store } = resolved;
  const idsOf = (wanted: RuleOrigin): string[] =>
    resolved.rules.filter(({ origin }) => origin === wanted).map(({ id }) => id);
  return {
    broker: {
      kind: broker.kind,
      url:
        broker.kind === 'external'
          ? withoutCredentials(broker.url)
          : `${broker.tls === undefined ? 'mqtt' : 'mqtts'}://${broker.host}:${broker.port}`,
    },
    store: { kind: store.kind, location: storeLocation(store) },
    api: { url: `${api.tls === undefined ? 'http' : 'https'}://${api.host}:${api.port}` },
    rules: {
      shipped: resolved.shippedRules.length,
      added: idsOf('own').length,
      replaced: idsOf('replacement'),
    },
    warnings: [
      ...(unread === undefined ? [] : [unread]),
      ...gapTexts(notify?.onCall?.gaps(Date.now()) ?? []),
      // Where it is in the data directory, it is not known here.
      ...(inventory === undefined ? [] : unknownNames(notify?.routes ?? [], inventory)),
      ...resolved.rules.flatMap(({ id, formerKind, settings }) =>
        formerKind === undefined
          ? []
          : [
              `rule ${id}: kind: ${formerKind} is now ${settings.kind}, the former name is accepted for one more release`,
            ],
      ),
    ],
    inventory:
      inventory &&
      Object.fromEntries(Object.entries(listsOf(inventory)).map(([list, { length }]) => [list, length])),
    sparkplug: config.sparkplug !== undefined,
    ...(notify !== undefined && {
      notify: { channels: notify.channels.length, routes: notify.routes.length },
    }),
  };
}

function withoutCredentials(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

function textOf(file: string, found: ConfigSummary): string {
  const { rules, inventory } = found;
  const replaced =
    rules.replaced.length === 0 ? '' : `, ${rules.replaced.length} replaced: ${rules.replaced.join(', ')}`;
  const lines: readonly (readonly [string, string])[] = [
    ['Broker', `${found.broker.kind}, ${found.broker.url}`],
    ['Store', `${found.store.kind}, ${found.store.location}`],
    ['API', found.api.url],
    ['Rules', `${rules.shipped} shipped, ${rules.added} added${replaced}`],
    [
      'Inventory',
      inventory === undefined
        ? 'in the data directory (wardwatch inventory)'
        : Object.entries(inventory)
            .filter(([, count]) => count > 0)
            .map(([list, count]) => `${count} ${inWords(list)}`)
            .join(', '),
    ],
    ['Sparkplug', found.sparkplug ? 'on' : 'off'],
    [
      'Notify',
      found.notify === undefined
        ? 'off: nobody is told of alerts'
        : `${found.notify.channels} channels, ${found.notify.routes} routes`,
    ],
  ];
  const table = lines.map(([name, text]) => `  ${name.padEnd(9)}  ${text}\n`).join('');
  const warnings = found.warnings.map((warning) => `\nWarning: ${warning}\n`).join('');
  return `${file} and the files that it names are valid.\n\n${table}${warnings}`;
}

/** `formerUnits` as `former units`. */
function inWords(list: string): string {
  return list.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
