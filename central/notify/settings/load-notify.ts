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
import { calendarsOf, onCallProblems } from './on-call-settings.ts';
import { CHANNEL_ID, CHANNEL_ID_EXPECTED } from './setting-parts.ts';
import type { OnCallCalendars } from '../on-call/calendars.ts';
import type { EscalationStep, Route } from '../route/should-tell.ts';
import {
  MAX_ROUTES,
  routeSchema,
  routesSchema,
  type RouteSettings,
  type RoutesSettings,
} from './routes-settings.ts';

/** Who is told, and how. */
export interface NotifySetup extends Pick<RoutesSettings, 'groupWindow' | 'parentWindow'> {
  readonly channels: readonly Channel[];
  readonly routes: readonly Route[];
  /** Without it nobody is called by a rotation. */
  readonly onCall?: OnCallCalendars;
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
  const [settings, channels] = checkAll(
    () => readRoutes(path(ROUTES_FILE), { channels: channelFiles.map(channelIdOf), rules }),
    () => checkAll(...channelFiles.map((name) => () => readChannel(path(name), context))),
  );
  const { groupWindow, parentWindow } = settings;
  const onCall = calendarsOf(settings, timeZone);
  const routes = settings.routes.map((route) => withTargets(route, onCall));
  return { groupWindow, parentWindow, routes, channels, onCall };
}

function withTargets({ onCall: ref, escalate, ...route }: RouteSettings, calendars: OnCallCalendars): Route {
  const target = ref === undefined ? undefined : calendars.target(ref);
  const steps = escalate?.map(({ onCall, ...step }): EscalationStep => {
    const later = onCall === undefined ? undefined : calendars.target(onCall);
    return { ...step, ...(later !== undefined && { onCall: later }) };
  });
  return { ...route, ...(target !== undefined && { onCall: target }), ...(steps && { escalate: steps }) };
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
    () => checkOnCall(file, content, known),
  );
  return settings;
}

/** Of each route that is well formed, whatever the others are. */
function checkReferences(file: string, content: unknown, known: KnownNames | undefined): void {
  if (known === undefined) return;
  throwProblems(
    file,
    wellFormedRoutes(content).flatMap(([route, at]) => referenceProblems(route, at, known)),
  );
}

/** Where people, calendars and what names them are well formed, whatever else is not. */
function checkOnCall(file: string, content: unknown, known: KnownNames | undefined): void {
  const { people, onCall } = routesSchema.shape;
  const found = z.looseObject({ people, onCall }).safeParse(content);
  if (!found.success || known === undefined) return;
  const { data } = found;
  const refs = data.onCall.flatMap(({ name, layers }) => [
    name,
    ...layers.map((layer) => `${name}/${layer.name}`),
  ]);
  const problems = [
    ...onCallProblems(data, known.channels),
    ...wellFormedRoutes(content).flatMap(([{ onCall: ref, escalate = [] }, at]) => {
      const named = [
        [`routes[${at}]`, ref],
        ...escalate.map((step, i) => [`routes[${at}].escalate[${i}]`, step.onCall]),
      ];
      return named.flatMap(([path, name]) =>
        name === undefined || refs.includes(name)
          ? []
          : [`${path}.onCall: there is no calendar or layer "${name}"`],
      );
    }),
  ];
  throwProblems(file, problems);
}

function wellFormedRoutes(content: unknown): readonly (readonly [RouteSettings, number])[] {
  const whole = z.looseObject({ routes: z.array(z.unknown()).max(MAX_ROUTES) }).safeParse(content);
  if (!whole.success) return [];
  return whole.data.routes.flatMap((each, at) => {
    const route = routeSchema.safeParse(each);
    return route.success ? [[route.data, at] as const] : [];
  });
}

function throwProblems(file: string, problems: readonly string[]): void {
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
