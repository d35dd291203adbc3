import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { checkAll, checkConfig, readConfigFile } from '../../../runtime/config.ts';
import { EXIT, messageOf, UserError } from '../../../runtime/errors.ts';
import { parseRange } from '../../../runtime/ip-range.ts';
import type { Channel } from '../channels/channel.ts';
import type { ChannelContext } from '../channels/channel-kind.ts';
import { channelKinds } from '../channels/index.ts';
import type { NotifyConfig } from './notify-config.ts';
import {
  CHANNEL_ID,
  CHANNEL_ID_EXPECTED,
  MAX_ROUTES,
  routeSchema,
  routesSchema,
  type RouteSettings,
  type RoutesSettings,
} from './routes-settings.ts';

/** Who is told, and how. */
export interface NotifySetup extends RoutesSettings {
  readonly channels: readonly Channel[];
}

export const ROUTES_FILE = 'routes.yaml';
const MAX_CHANNELS = 200;

export interface NotifyFiles {
  readonly env: NodeJS.ProcessEnv;
  readonly timeZone: string;
  /** Ids of all rules; undefined: they are not known, and not checked. */
  readonly rules: readonly string[] | undefined;
}

/** Reads `routes.yaml` and the file of each channel. Throws one UserError (exit 2) that lists every problem of every file. */
export function loadNotify(config: NotifyConfig, { env, timeZone, rules }: NotifyFiles): NotifySetup {
  const names = listFiles(config.directory);
  const path = (name: string): string => join(config.directory, name);
  const context = { ...allowedBy(config), env, timeZone };
  const channelFiles = channelFilesAmong(names);
  const [routes, channels] = checkAll(
    () => readRoutes(path(ROUTES_FILE), { channels: channelFiles.map(channelIdOf), rules }),
    () => checkAll(...channelFiles.map((name) => () => readChannel(path(name), context))),
  );
  return { ...routes, channels };
}

/** Also of a file that `routes.yaml` does not know yet. Throws a UserError (exit 2) with all its problems. */
export function readChannel(file: string, context: Omit<ChannelContext, 'id'>): Channel {
  const id = channelIdOf(file);
  if (!CHANNEL_ID.test(id) || !file.endsWith('.yaml')) {
    const problem = `${file}: file name: expected <channel>.yaml, the channel ${CHANNEL_ID_EXPECTED.replace(/^expected /, '')}, got "${basename(file)}"`;
    throw new UserError(EXIT.badConfig, [problem]);
  }
  const content = readConfigFile(file);
  const { kind: name } = checkConfig(file, content, z.looseObject({ kind: z.string() }));
  const kind = channelKinds.find((known) => known.kind === name);
  if (kind === undefined) {
    const known = channelKinds.map((each) => each.kind).join(', ');
    throw new UserError(EXIT.badConfig, [`${file}: kind: expected one of ${known}, got "${name}"`]);
  }
  return kind.read(file, content, { ...context, id });
}

interface KnownNames {
  readonly channels: readonly string[];
  readonly rules: readonly string[] | undefined;
}

/** `known`: without it only the form of the file is checked. */
export function readRoutes(file: string, known?: KnownNames): RoutesSettings {
  const content = readConfigFile(file);
  const [settings] = checkAll(
    () => checkConfig(file, content, routesSchema),
    () => checkReferences(file, content, known),
  );
  return settings;
}

/** Of each route that is well formed, whatever the others are. */
function checkReferences(file: string, content: unknown, known: KnownNames | undefined): void {
  const whole = z.object({ routes: z.array(z.unknown()).max(MAX_ROUTES) }).safeParse(content);
  if (!whole.success || known === undefined) return;
  const problems = whole.data.routes.flatMap((each, at) => {
    const route = routeSchema.safeParse(each);
    return route.success ? referenceProblems(route.data, at, known) : [];
  });
  if (problems.length === 0) return;
  throw new UserError(
    EXIT.badConfig,
    problems.map((problem) => `${file}: ${problem}`),
  );
}

export function allowedBy({
  allowTargets,
  allowPrograms,
}: {
  readonly allowTargets: readonly string[];
  readonly allowPrograms: readonly string[] | undefined;
}): Pick<ChannelContext, 'allowTargets' | 'allowPrograms'> {
  return {
    allowTargets: allowTargets.map(parseRange).filter((range) => range !== undefined),
    allowPrograms,
  };
}

function referenceProblems(
  { channels, second, escalate = [], rules = [] }: RouteSettings,
  at: number,
  known: KnownNames,
): readonly string[] {
  const missing = (channel: string): boolean => !known.channels.includes(channel);
  return [
    ...channels.flatMap((channel, index) =>
      missing(channel) ? [`routes[${at}].channels[${index}]: there is no ${channel}.yaml beside it`] : [],
    ),
    ...escalate.flatMap((step, index) =>
      step.channels.flatMap((channel, each) => {
        const path = `routes[${at}].escalate[${index}].channels[${each}]`;
        if (missing(channel)) return [`${path}: there is no ${channel}.yaml beside it`];
        return channels.includes(channel)
          ? [`${path}: expected a channel that is not told at once, got "${channel}"`]
          : [];
      }),
    ),
    ...(second !== undefined && missing(second.channel)
      ? [`routes[${at}].second.channel: there is no ${second.channel}.yaml beside it`]
      : []),
    ...(second !== undefined && channels.includes(second.channel)
      ? [
          `routes[${at}].second.channel: expected a channel that is not among channels, got "${second.channel}"`,
        ]
      : []),
    ...(known.rules === undefined ? [] : missingRules(rules, at, known.rules)),
  ];
}

/** Rules that routes name and that are not among `known`. Pure. */
export function routeRuleProblems(
  routes: readonly { readonly rules?: readonly string[] | undefined }[],
  known: readonly string[],
): readonly string[] {
  return routes.flatMap(({ rules = [] }, at) =>
    missingRules(rules, at, known).map((problem) => `${ROUTES_FILE}: ${problem}`),
  );
}

function missingRules(patterns: readonly string[], at: number, known: readonly string[]): string[] {
  const isKnown = (pattern: string): boolean =>
    known.some((rule) => (pattern.endsWith('*') ? rule.startsWith(pattern.slice(0, -1)) : rule === pattern));
  return patterns.flatMap((pattern, index) =>
    isKnown(pattern) ? [] : [`routes[${at}].rules[${index}]: there is no such rule, got "${pattern}"`],
  );
}

function listFiles(directory: string): readonly string[] {
  let names: string[];
  try {
    names = readdirSync(directory).filter((name) => /\.ya?ml$/.test(name));
  } catch (error) {
    throw new UserError(EXIT.badConfig, [`${directory}: cannot be read: ${messageOf(error)}`], error);
  }
  if (names.length > MAX_CHANNELS)
    throw new UserError(EXIT.badConfig, [`${directory}: at most ${MAX_CHANNELS} files, got ${names.length}`]);
  return names.sort();
}

/** Ids of the channels that have a file in the directory. Throws a UserError (exit 2) when it cannot be read. */
export function channelsIn(directory: string): readonly string[] {
  return channelFilesAmong(listFiles(directory)).map(channelIdOf);
}

function channelFilesAmong(names: readonly string[]): readonly string[] {
  return names.filter((name) => name !== ROUTES_FILE);
}

/** Its file's name without `.yaml`. */
function channelIdOf(file: string): string {
  return basename(file).replace(/\.ya?ml$/, '');
}
