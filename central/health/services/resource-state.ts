import type { Pool } from '../../../contract/inventory.ts';
import { Freshness, type Senders } from '../../live/freshness.ts';
import type { LatestCache, NewestRow } from '../../live/latest-cache.ts';
import { isInService } from '../states/in-service.ts';
import type { StateOf, ThingState } from './thing-state.ts';

/** The gravest first. */
export const RESOURCE_STATES = ['down', 'unreachable', 'unknown', 'degraded', 'up'] as const;

const FULL_PCT = 100;

/** A resource of a pool, as an agent measured it last, and recently enough to count. */
interface Measured {
  readonly agent: string;
  readonly atMs: number;
  /** undefined: it is measured, but not how much of it is used. */
  readonly usedPct: number | undefined;
}

/** By pool and resource, then by agent. */
export type MeasuredResources = ReadonlyMap<string, ReadonlyMap<string, Measured>>;

export interface ResourceState {
  readonly state: ThingState['state'];
  /** One line, such as `used up`; where agents do not agree, what each says. */
  readonly reason: string;
  readonly roots: readonly string[];
  /** Unix time, ms, by central's clock; undefined: nobody has measured it within three intervals. */
  readonly measuredAtMs: number | undefined;
}

/** What the state of a resource is made of. */
export interface ResourceParts {
  readonly stateOf: StateOf;
  readonly measured: MeasuredResources;
  /** The calendar day of the city, such as 2025-07-01. */
  readonly day: string;
}

/** By pool and resource, what agents that are live have measured within three intervals. */
export function readMeasuredResources(
  latest: Pick<LatestCache, 'visit'>,
  senders: Senders,
  nowMs: number,
): MeasuredResources {
  const freshness = new Freshness(senders, nowMs);
  const found = new Map<string, Map<string, Measured>>();
  latest.visit('capacity', (series, row, tagNames) => {
    const tag = (name: string): string => series.tags[tagNames.indexOf(name)] ?? '';
    const agent = tag('agent');
    if (!freshness.isCurrent(agent, row)) return;
    const key = keyOf(tag('pool'), tag('resource'));
    const ofAgents = found.get(key) ?? new Map<string, Measured>();
    const said = { agent, atMs: freshness.measuredAtMs(agent, row), usedPct: usedPctOf(row) };
    const known = ofAgents.get(agent);
    if (known === undefined || isBetter(said, known)) ofAgents.set(agent, said);
    found.set(key, ofAgents);
  });
  return found;
}

/** Of one agent the newest counts, but of those that say how much is used, where any does. */
function isBetter(found: Measured, known: Measured): boolean {
  const [says, said] = [found.usedPct !== undefined, known.usedPct !== undefined];
  return says === said ? found.atMs >= known.atMs : says;
}

/** As it was measured, else used ÷ usable, which is the same. */
export function usedPctOf(row: Pick<NewestRow, 'valueOf'>): number | undefined {
  const numberOf = (field: string): number | undefined => {
    const value = row.valueOf(field);
    return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
  };
  const [used, usable] = [numberOf('used'), numberOf('usable')];
  const share = used === undefined || usable === undefined || usable <= 0 ? undefined : (100 * used) / usable;
  return numberOf('used_pct') ?? share;
}

/** Pure. As its site, where that is not up; else by what is measured of it: nothing is up without. */
export function resourceState(pool: Pool, { stateOf, measured, day }: ResourceParts): ResourceState {
  const all = [...(measured.get(keyOf(pool.id, pool.resource))?.values() ?? [])];
  const found = deciding(pool, all);
  const say = (state: ThingState['state'], reason: string, roots: readonly string[] = []): ResourceState => ({
    ...{ state, reason, roots, measuredAtMs: found?.atMs },
  });
  if (!isInService(pool, day)) return say('unknown', 'not in service');
  const ref = `site:${pool.site}`;
  const { state, roots } = stateOf(ref);
  if (state !== 'up') return say(state, `${pool.site} ${state}`, roots.length > 0 ? roots : [ref]);
  if (found === undefined) return say('unknown', 'not measured');
  if (found.usedPct === undefined) return say('unknown', 'how much of it is used is not measured');
  const others = all.filter(({ usedPct }) => usedPct !== undefined);
  const dispute = others.some((other) => isFull(other) !== isFull(found)) ? `; ${disputeText(others)}` : '';
  if (isFull(found)) return say('degraded', `used up${dispute}`);
  return say('up', `measured, and its site is up${dispute}`);
}

/** The first of the pool's agents that says how full it is; where the inventory does not say who counts, the one that has it fullest. */
function deciding({ agents = [] }: Pool, all: readonly Measured[]): Measured | undefined {
  for (const agent of agents) {
    const own = all.find((each) => each.agent === agent && each.usedPct !== undefined);
    if (own !== undefined) return own;
  }
  return all.reduce<Measured | undefined>(
    (fullest, each) => (fullest !== undefined && usedOf(fullest) >= usedOf(each) ? fullest : each),
    undefined,
  );
}

const isFull = (measured: Measured): boolean => usedOf(measured) >= FULL_PCT;
const usedOf = ({ usedPct }: Measured): number => usedPct ?? -Infinity;

/** `sv-1 says 100 %, sv-2 says 50 %`. */
function disputeText(all: readonly Measured[]): string {
  return [...all]
    .sort((a, b) => (a.agent < b.agent ? -1 : 1))
    .map((each) => `${each.agent} says ${Math.round(usedOf(each))} %`)
    .join(', ');
}

/** No id of a pool has a slash. */
function keyOf(pool: string, resource: string): string {
  return `${pool}/${resource}`;
}
