import { z } from 'zod';
import { checkAll, checkConfig, readConfigFile } from '../../../runtime/config.ts';
import { EXIT, UserError } from '../../../runtime/errors.ts';
import { onCallProblems } from './on-call-settings.ts';
import {
  MAX_ROUTES,
  routeSchema,
  routesSchema,
  type RouteSettings,
  type RoutesSettings,
} from './routes-settings.ts';

export const ROUTES_FILE = 'routes.yaml';

/** What routes may name. */
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
