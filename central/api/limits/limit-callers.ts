import type { FastifyRequest } from 'fastify';
import { describeLimits } from '../../access/limits.ts';
import type { TokenInfo } from '../../access/tokens.ts';
import type { AlertView } from '../../alerts/history/alert.ts';
import { isEmptyList } from '../known-names.ts';
import { ApiError } from '../problem.ts';
import { TAG_PREFIX } from '../tag-filter.ts';
import { hasOwnIn } from './own-in.ts';
import { NAMED_KINDS, Reach, type NamedKind, type ReachInventory } from './reach.ts';

export interface LimitDeps {
  readonly inventory: ReachInventory;
}

/** Any of these narrows the whole answer of a route whose `limits` are `named`. */
const NARROWING: ReadonlySet<NamedKind> = new Set<NamedKind>(['unit', 'site', 'agency']);
const TAGS: ReadonlySet<string> = new Set(['unit', 'site', 'agent']);
const MAX_SHOWN = 20;

/** After `requireRole`: a limited token gets no further on routes that tell of the whole city. */
export function limitCallers({ inventory }: LimitDeps) {
  return async (request: FastifyRequest): Promise<void> => {
    const limits = request.caller?.limits;
    if (limits === undefined) return;
    const { limits: mode } = request.routeOptions.config;
    if (mode === 'open') return;
    const own = describeLimits(limits);
    if (mode === undefined)
      throw new ApiError(
        'OUTSIDE_LIMITS',
        `this is about the whole city, and the token is limited to ${own}`,
      );
    const reach = new Reach(limits, inventory);
    request.reach = reach;
    if (mode === 'named') assertNamed(request, reach, own);
  };
}

/** Before an answer is sent: a list that is empty since it is filtered by what is outside would read as if nothing was wrong there. */
export function refuseOutsideFilters({ inventory }: LimitDeps) {
  return async (request: FastifyRequest, _reply: unknown, payload: unknown): Promise<unknown> => {
    const { reach, caller, routeOptions } = request;
    if (reach !== undefined && routeOptions.config.limits === 'filtered' && isEmptyList(payload))
      refuse(
        namedIn(request).filter(({ kind, name }) => !hasOwnIn(reach, inventory, kind, name)),
        describeLimits(caller?.limits ?? {}),
      );
    return payload;
  };
}

interface Named {
  readonly parameter: string;
  readonly kind: NamedKind;
  readonly name: string;
}

function namedIn({ query, routeOptions }: FastifyRequest): readonly Named[] {
  const asked = query as Readonly<Record<string, unknown>>;
  const { of = 'site' } = asked;
  return Object.entries(asked).flatMap(([parameter, value]) => {
    const isId = parameter === 'id' && routeOptions.config.namesById === true;
    const kind = kindOf(isId && typeof of === 'string' ? of : parameter);
    if (kind === undefined) return [];
    return [value].flat().flatMap((name) => (typeof name === 'string' ? [{ parameter, kind, name }] : []));
  });
}

function refuse(outside: readonly Named[], own: string): void {
  if (outside.length === 0) return;
  throw outsideLimits(
    outside.map(({ parameter, name }) => `querystring.${parameter}: "${shown(name)}"`),
    own,
  );
}

/** Throws an ApiError unless the query names what is the caller's own, and nothing else. */
function assertNamed(request: FastifyRequest, reach: Reach, own: string): void {
  const named = namedIn(request);
  refuse(
    named.filter(({ kind, name }) => !reach.has(kind, name)),
    own,
  );
  if (!named.some(({ kind, parameter }) => parameter === 'id' || NARROWING.has(kind)))
    throw new ApiError(
      'OUTSIDE_LIMITS',
      `the token is limited to ${own}: ask with a unit, a site or an agency of these (of samples tag.unit or tag.site), of states also with an id`,
    );
}

function kindOf(parameter: string): NamedKind | undefined {
  const tag = parameter.startsWith(TAG_PREFIX) ? parameter.slice(TAG_PREFIX.length) : undefined;
  if (tag !== undefined && !TAGS.has(tag)) return undefined;
  return NAMED_KINDS.find((kind) => kind === (tag ?? parameter));
}

/** A request, or what matters of it. */
export interface Limited {
  readonly caller?: TokenInfo | undefined;
  readonly reach?: Reach | undefined;
}

/** Throws an ApiError that names each of these that is not the caller's own; none is where the token has no limits. */
export function assertOwn(
  { caller, reach }: Limited,
  refs: Iterable<readonly [kind: NamedKind, id: string]>,
): void {
  if (reach === undefined) return;
  const outside = [...refs].filter(([kind, id]) => !reach.has(kind, id));
  if (outside.length > 0)
    throw outsideLimits(
      outside.map(([kind, id]) => `${kind} "${shown(id)}"`),
      describeLimits(caller?.limits ?? {}),
    );
}

/** The same of alerts. */
export function assertOwnAlerts(
  { caller, reach }: Limited,
  alerts: Iterable<Pick<AlertView, 'id' | 'unit' | 'site' | 'entity'>>,
): void {
  if (reach === undefined) return;
  const outside = [...alerts].filter((alert) => !reach.hasAlert(alert));
  if (outside.length > 0)
    throw outsideLimits(
      outside.map(({ id, unit, site }) => `alert "${shown(id)}" (${placeText(unit, site)})`),
      describeLimits(caller?.limits ?? {}),
    );
}

function placeText(unit: string | undefined, site: string | undefined): string {
  const parts = [
    ...(site === undefined ? [] : [`site ${site}`]),
    ...(unit === undefined ? [] : [`unit ${unit}`]),
  ];
  return parts.length === 0 ? 'of no unit' : parts.join(', ');
}

/** `what`: what is outside, one text each. */
export function outsideLimits(what: readonly string[], own: string): ApiError {
  const problems = what.slice(0, MAX_SHOWN);
  const more = what.length > MAX_SHOWN ? ` and ${what.length - MAX_SHOWN} more` : '';
  const detail = `the token is limited to ${own}, which leaves out ${problems.join(', ')}${more}`;
  return new ApiError('OUTSIDE_LIMITS', detail, { problems });
}

const MAX_SHOWN_CHARS = 60;

function shown(name: string): string {
  return name.length > MAX_SHOWN_CHARS ? `${name.slice(0, MAX_SHOWN_CHARS)}…` : name;
}
