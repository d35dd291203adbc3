import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { checkAll, checkConfig, readConfigFile } from '../../../runtime/config.ts';
import { EXIT, messageOf, UserError } from '../../../runtime/errors.ts';
import { parseRange } from '../../../runtime/ip-range.ts';
import type { Channel } from '../channels/channel.ts';
import type { ChannelContext } from '../channels/channel-kind.ts';
import { channelKinds } from '../channels/index.ts';
import type { OnCallCalendars } from '../on-call/calendars.ts';
import type { EscalationStep, Route } from '../route/should-tell.ts';
import type { NotifyConfig } from './notify-config.ts';
import { calendarsOf } from './on-call-settings.ts';
import { readRoutes, ROUTES_FILE } from './read-routes.ts';
import type { RouteSettings, RoutesSettings } from './routes-settings.ts';
import { CHANNEL_ID, CHANNEL_ID_EXPECTED } from './setting-parts.ts';

/** Who is told, and how. */
export interface NotifySetup extends Pick<RoutesSettings, 'groupWindow' | 'parentWindow'> {
  readonly channels: readonly Channel[];
  readonly routes: readonly Route[];
  /** Without it nobody is called by a rotation. */
  readonly onCall?: OnCallCalendars;
}

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
