import { z } from 'zod';
import type { Catalogue } from '../../contract/catalogue.ts';
import { DEVICE } from '../../contract/measurements/define.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { AgentCredentials } from '../access/agent-credentials.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { InventorySearch } from '../inventory/search/inventory-search.ts';
import type { SearchKind } from '../inventory/search/search-entry.ts';
import type { AgentRegistry } from '../liveness/agent-registry.ts';
import type { UnexpectedDevices } from '../live/unexpected-devices.ts';
import type { App } from './fastify-app.ts';
import { ApiError } from './problem.ts';
import { suggestionFor } from './suggestion.ts';
import { TAG_PREFIX } from './tag-filter.ts';

export interface KnownNameDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly catalogue: Catalogue;
  readonly inventory: Inventory;
  readonly inventorySearch: Pick<InventorySearch, 'search'>;
  readonly registry: Pick<AgentRegistry, 'get'>;
  readonly credentials: Pick<AgentCredentials, 'has'>;
  readonly unexpectedDevices: Pick<UnexpectedDevices, 'list'>;
}

interface Kind {
  /** What the parameter is, in words. */
  readonly what: string;
  /** In the inventory, or seen although it is not there. */
  readonly isKnown: (deps: KnownNameDeps, name: string) => boolean;
  readonly names: (inventory: Inventory) => Iterable<string>;
  /** Where a name that was typed in words is looked for. */
  readonly searched: readonly SearchKind[];
}

/** By the name of the query parameter: the same on every route. */
const KINDS = {
  unit: {
    what: 'the code of a unit',
    isKnown: ({ inventory }, name) => inventory.units.has(name),
    names: ({ units }) => units.keys(),
    searched: ['unit', 'former-unit'],
  },
  site: {
    what: 'the id of a site',
    isKnown: ({ inventory }, name) => inventory.sites.has(name),
    names: ({ sites }) => sites.keys(),
    searched: ['site'],
  },
  device: {
    what: 'the id of a device',
    isKnown: ({ inventory, unexpectedDevices }, name) =>
      inventory.devices.has(name) || unexpectedDevices.list().some(({ device }) => device === name),
    names: ({ devices }) => devices.keys(),
    searched: ['device'],
  },
  parent: {
    what: 'the id of a site or a device',
    isKnown: ({ inventory }, name) => inventory.sites.has(name) || inventory.devices.has(name),
    names: ({ sites, devices }) => [...sites.keys(), ...devices.keys()],
    searched: ['site', 'device'],
  },
  agent: {
    what: 'the id of an agent',
    // Whoever has a password is expected, and may not have sent anything yet.
    isKnown: ({ inventory, registry, credentials, clock }, name) =>
      inventory.agents.has(name) || credentials.has(name) || registry.get(name, clock.now()) !== undefined,
    names: ({ agents }) => agents.keys(),
    searched: ['agent'],
  },
  agency: {
    what: 'the id of an agency',
    isKnown: ({ inventory }, name) => inventory.agencies.has(name),
    names: ({ agencies }) => agencies.keys(),
    searched: ['agency'],
  },
  service: {
    what: 'the id of a service',
    isKnown: ({ inventory }, name) => inventory.services.has(name),
    names: ({ services }) => services.keys(),
    searched: ['service'],
  },
  link: {
    what: 'the id of a link',
    isKnown: ({ inventory }, name) => inventory.links.has(name),
    names: ({ links }) => links.keys(),
    searched: ['link'],
  },
  operator: {
    what: 'an operator of a link',
    isKnown: ({ inventory }, name) => operatorsOf(inventory).has(name),
    names: (inventory) => operatorsOf(inventory),
    searched: [],
  },
  resource: {
    what: 'a resource of a pool',
    isKnown: ({ inventory }, name) => inventory.pools.some(({ resource }) => resource === name),
    names: ({ pools }) => new Set(pools.map(({ resource }) => resource)),
    searched: [],
  },
} as const satisfies Readonly<Record<string, Kind>>;
type KindName = keyof typeof KINDS;

function operatorsOf({ links }: Inventory): ReadonlySet<string> {
  return new Set([...links.values()].flatMap(({ operator }) => operator ?? []));
}

function isKindName(name: unknown): name is KindName {
  return typeof name === 'string' && Object.hasOwn(KINDS, name);
}

type Query = Readonly<Record<string, unknown>>;

/** Whether a route with this querystring has parameters that name something. */
export function takesNames(querystring: unknown): boolean {
  return querystring instanceof z.ZodObject && Object.keys(querystring.shape).some(isKindName);
}

/**
 * For all routes: a list that is empty since a filter names what nobody knows would look as if nothing was wrong there. What is in the
 * answer, although the inventory lacks it by now, can be asked for. Routes that give no list check first (`namesFirst`).
 */
export function refuseUnknownNames(app: App, deps: KnownNameDeps): void {
  app.addHook('preHandler', async ({ routeOptions, query }) => {
    if (routeOptions.config.namesFirst === true) assertKnownNames(deps, query as Query);
  });
  app.addHook('preSerialization', async ({ query, routeOptions }, _reply, payload: unknown) => {
    if (!isEmptyList(payload)) return payload;
    const { operator, ...rest } = query as Query;
    assertKnownNames(deps, routeOptions.config.mobileOperator === true ? rest : { ...rest, operator });
    return payload;
  });
}

/** Throws an ApiError that names every parameter with a name that nobody knows. */
function assertKnownNames(deps: KnownNameDeps, query: Query): void {
  const problems = namesIn(deps.catalogue, query).flatMap(([parameter, kind, name]) => {
    if (KINDS[kind].isKnown(deps, name)) return [];
    return [problemWith(deps, { at: `querystring.${parameter}`, kind, name })];
  });
  if (problems.length > 0) throw new ApiError('UNKNOWN_NAME', problems.join('; '), { problems });
}

/** Says where the name stands, what was expected, and the nearest one. */
export function problemWith(
  deps: Pick<KnownNameDeps, 'inventory' | 'inventorySearch'>,
  { at, kind, name }: { readonly at: string; readonly kind: KindName; readonly name: string },
): string {
  const shown = name.length > MAX_SHOWN_CHARS ? `${name.slice(0, MAX_SHOWN_CHARS)}…` : name;
  return `${at}: expected ${KINDS[kind].what} of the inventory, got "${shown}"${hintFor(deps, kind, name)}`;
}

const MAX_SHOWN_CHARS = 60;
const LISTS = ['items', 'series', 'entries'] as const;

/** Pure. */
export function isEmptyList(payload: unknown): boolean {
  if (typeof payload !== 'object' || payload === null) return false;
  const lists = LISTS.map((name) => (payload as Query)[name]).filter((list) => Array.isArray(list));
  return lists.length > 0 && lists.every((list) => list.length === 0);
}

function namesIn(catalogue: Catalogue, query: Query): (readonly [string, KindName, string])[] {
  return Object.entries(query).flatMap(([parameter, value]) => {
    const kind = kindOf(catalogue, query, parameter);
    if (kind === undefined) return [];
    const names: readonly unknown[] = Array.isArray(value) ? value : [value];
    return names.filter((name) => typeof name === 'string').map((name) => [parameter, kind, name] as const);
  });
}

function kindOf(catalogue: Catalogue, query: Query, parameter: string): KindName | undefined {
  // The codes of the units of another day mean others.
  if (query['geography'] !== undefined && (parameter === 'unit' || parameter === 'id')) return undefined;
  if (parameter === 'id') return isKindName(query['of']) ? query['of'] : undefined;
  if (!parameter.startsWith(TAG_PREFIX)) return isKindName(parameter) ? parameter : undefined;
  const tag = parameter.slice(TAG_PREFIX.length);
  if (tag === 'unit' || tag === 'site' || tag === 'agent') return tag;
  // Of a disk `device` is something else.
  const definition = catalogue.get(String(query['measurement']));
  return tag === 'device' && definition?.tags[tag] === DEVICE ? tag : undefined;
}

/** The nearest id, else what has these words in its name. */
function hintFor(
  { inventory, inventorySearch }: Pick<KnownNameDeps, 'inventory' | 'inventorySearch'>,
  kind: KindName,
  name: string,
): string {
  const { names, searched } = KINDS[kind];
  const spelt = suggestionFor(name, [...names(inventory)]);
  if (spelt !== '' || searched.length === 0) return spelt;
  const [hit] = inventorySearch.search(name, { limit: 1, kinds: searched }).hits;
  if (hit === undefined) return '';
  if (hit.todaysUnits === undefined) return `, did you mean "${hit.id}" (${hit.name})?`;
  const today = hit.todaysUnits.map((code) => `"${code}"`).join(', ');
  return `, which was ${hit.name}, today ${today === '' ? 'not known where' : `in ${today}`}`;
}
