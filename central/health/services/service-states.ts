import type { Pool, Service } from '../../../contract/inventory.ts';
import { inEnglish } from '../reasons/english.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Senders } from '../../live/freshness.ts';
import type { LatestCache } from '../../live/latest-cache.ts';
import type { PresentStates } from '../present-states.ts';
import type { FollowedChange, FollowedMoment, FollowedStates } from '../states/history/followed-states.ts';
import { isInService } from '../states/in-service.ts';
import { HeldState } from '../states/held.ts';
import { areSame } from '../states/standing.ts';
import type { ServiceState } from './judge-service.ts';
import { judgeServices, type ServiceFinding } from './judge-services.ts';
import { poolState } from './pool-state.ts';
import { readMeasuredResources } from './resource-state.ts';
import { groupServices, referencesOf, type ServiceGroup } from './service-groups.ts';
import type { ServiceView } from './service-view.ts';
import { idIn, type ThingState } from './thing-state.ts';

export interface ServiceStatesDeps {
  readonly inventory: Pick<Inventory, 'services' | 'pools'>;
  readonly states: Pick<PresentStates, 'momentOf'>;
  readonly latest: Pick<LatestCache, 'visit'>;
  readonly registry: Senders;
  readonly clock: Pick<Clock, 'now'>;
  /** The calendar day of the city, such as 2025-07-01. */
  readonly today: () => string;
}

/** Made once for an inventory and a day. */
interface Plan {
  readonly services: Inventory['services'];
  readonly allPools: Inventory['pools'];
  readonly day: string;
  readonly expected: ReadonlyMap<string, Service>;
  readonly groups: readonly ServiceGroup[];
  /** What the services need, without services. */
  readonly refs: readonly string[];
  /** The resources of each pool. */
  readonly pools: ReadonlyMap<string, readonly Pool[]>;
}

/** What was judged last: while all of it is the same, so is what was found. */
interface Judged {
  readonly plan: Plan;
  readonly said: readonly ThingState[];
  readonly views: readonly ServiceView[];
}

interface Kept extends FollowedMoment {
  readonly state: ServiceState;
}

/** Of the roots of a service, as many go into the history as of an element. */
const KEPT_ROOTS = 8;

const SERVICE = 'service:';
/** It is retired, or not there yet. */
const NOBODY_TELLS: ThingState = { state: 'unknown', roots: [] };

/**
 * How the services of the city are, judged anew with each question, so that an answer is never older than the states of
 * what they need.
 */
export class ServiceStates {
  readonly #deps: ServiceStatesDeps;
  #plan: Plan | undefined;
  #judged: Judged | undefined;
  #kept: ReadonlyMap<string, Kept> = new Map();
  readonly #listeners: ((changes: readonly FollowedChange[]) => void)[] = [];
  readonly #held = new Map<string, HeldState<FollowedMoment['state']>>();
  #isDeaf = false;

  constructor(deps: ServiceStatesDeps) {
    this.#deps = deps;
  }

  /** Of all that are expected today, in the order of their ids. */
  list(): ServiceView[] {
    const { states, latest, registry, clock } = this.#deps;
    const nowMs = clock.now();
    const stateOf = (ref: string): ThingState => states.momentOf(ref) ?? NOBODY_TELLS;
    const plan = this.#planned();
    const { expected, groups, pools, refs, day } = plan;
    const measured = pools.size === 0 ? new Map() : readMeasuredResources(latest, registry, nowMs);
    const said = refs.map((ref) =>
      ref.startsWith('pool:')
        ? poolState(pools.get(idIn(ref)) ?? [], { stateOf, measured, day })
        : stateOf(ref),
    );
    const last = this.#judged;
    if (last?.plan === plan && said.every((each, at) => isSameState(each, last.said[at])))
      return [...last.views];
    const saidOf = new Map(refs.map((ref, at) => [ref, said[at] ?? NOBODY_TELLS]));
    const found = judgeServices(groups, (ref) => saidOf.get(ref) ?? NOBODY_TELLS);
    const kept = new Map<string, Kept>();
    const views = [...expected.values()].flatMap((service) => {
      const finding = found.get(service.id);
      if (finding === undefined) return [];
      const { state, reasons, roots, circle } = finding;
      const reason = inEnglish(reasons);
      const sinceMs = this.#sinceOf(service.id, finding, nowMs);
      kept.set(service.id, { state, sinceMs, roots: roots.slice(0, KEPT_ROOTS) });
      return [
        {
          ...service,
          state,
          reason,
          reasons: [...reasons],
          roots: [...roots],
          sinceMs,
          ...(circle && { circle: [...circle] }),
        },
      ];
    });
    views.sort((a, b) => (a.id < b.id ? -1 : 1));
    this.#judged = { plan, said, views };
    this.#keep(kept, nowMs);
    return [...views];
  }

  /** As they were judged last: at most a second ago. */
  latest(): readonly ServiceView[] {
    return this.#judged?.views ?? this.list();
  }

  /** Notes what has changed, so that since when is known. Call it each second. */
  refresh(): void {
    this.list();
  }

  /** Told of each change once, when somebody asks or at the next `refresh`. */
  onChange(listener: (changes: readonly FollowedChange[]) => void): void {
    this.#listeners.push(listener);
  }

  /** By reference, such as `service:1022`. */
  restore(before: ReadonlyMap<string, Pick<FollowedMoment, 'state' | 'sinceMs'>>): void {
    const nowMs = this.#deps.clock.now();
    for (const [ref, moment] of before)
      if (ref.startsWith(SERVICE)) this.#heldOf(idIn(ref)).restore(moment, nowMs);
  }

  /** Nearly all agents fell silent at once: nothing can be said, until they are heard again. */
  setDeaf(isDeaf: boolean): void {
    if (this.#isDeaf === isDeaf) return;
    this.#isDeaf = isDeaf;
    const nowMs = this.#deps.clock.now();
    for (const [id, moment] of this.#kept) {
      if (isDeaf) this.#heldOf(id).hold(moment, nowMs);
      else this.#heldOf(id).endHold(nowMs);
    }
  }

  /** Central's time was set. */
  shiftTime(stepMs: number): void {
    const shifted = [...this.#kept].map(
      ([id, moment]) => [id, { ...moment, sinceMs: moment.sinceMs + stepMs }] as const,
    );
    this.#kept = new Map(shifted);
    this.#judged = undefined;
    for (const held of this.#held.values()) held.shift(stepMs);
  }

  #sinceOf(id: string, finding: ServiceFinding, nowMs: number): number {
    const kept = this.#kept.get(id);
    if (kept?.state === finding.state) return kept.sinceMs;
    const before = kept ?? { state: 'unknown', sinceMs: nowMs };
    return this.#heldOf(id).sinceOf(finding.state, before, nowMs) ?? sinceOf(finding, kept, nowMs);
  }

  #heldOf(id: string): HeldState<FollowedMoment['state']> {
    let held = this.#held.get(id);
    if (held === undefined) this.#held.set(id, (held = new HeldState()));
    return held;
  }

  #keep(now: ReadonlyMap<string, Kept>, atMs: number): void {
    const earlier = this.#kept;
    this.#kept = now;
    for (const id of earlier.keys()) if (!now.has(id)) this.#held.delete(id);
    if (this.#listeners.length === 0) return;
    const changes: FollowedChange[] = [];
    for (const [id, after] of now) {
      const before = earlier.get(id);
      if (before?.state === after.state && areSame(before.roots, after.roots)) continue;
      changes.push({ ref: SERVICE + id, before, after, atMs });
    }
    for (const [id, before] of earlier)
      if (!now.has(id)) changes.push({ ref: SERVICE + id, before, after: undefined, atMs });
    if (changes.length > 0) for (const listener of this.#listeners) listener(changes);
  }

  #planned(): Plan {
    const { inventory, today } = this.#deps;
    const { services, pools: allPools } = inventory;
    const day = today();
    const last = this.#plan;
    if (last?.services === services && last.allPools === allPools && last.day === day) return last;
    const expected = new Map([...services].filter(([, service]) => isInService(service, day)));
    this.#plan = {
      ...{ services, allPools, day, expected },
      groups: groupServices(expected),
      refs: needsOf(expected.values()),
      pools: byId(allPools.filter((pool) => isInService(pool, day))),
    };
    return this.#plan;
  }
}

function needsOf(services: Iterable<Service>): string[] {
  const refs = [...services].flatMap(referencesOf).filter((ref) => !ref.startsWith(SERVICE));
  return [...new Set(refs)];
}

function isSameState(one: ThingState, other: ThingState | undefined): boolean {
  if (one === other) return true;
  return (
    other !== undefined &&
    one.state === other.state &&
    one.sinceMs === other.sinceMs &&
    areSame(one.roots, other.roots) &&
    areSame(one.lacks?.unmeasured ?? [], other.lacks?.unmeasured ?? []) &&
    areSame(one.lacks?.full ?? [], other.lacks?.full ?? [])
  );
}

function byId(pools: readonly Pool[]): Map<string, Pool[]> {
  const found = new Map<string, Pool[]>();
  for (const pool of pools) {
    const resources = found.get(pool.id);
    if (resources === undefined) found.set(pool.id, [pool]);
    else resources.push(pool);
  }
  return found;
}

/** The services of the city, as the history follows them. */
export function followServices(services: ServiceStates): FollowedStates {
  return {
    *list() {
      for (const { id, state, sinceMs, roots } of services.list())
        yield [SERVICE + id, { state, sinceMs, roots: roots.slice(0, KEPT_ROOTS) }];
    },
    onChange: (listener) => services.onChange(listener),
    restore: (before) => services.restore(before),
  };
}

/**
 * A service changes when something that it needs does: that time is known better than when somebody asked. A change without one,
 * such as of the inventory or of a pool, is as old as the question.
 */
function sinceOf({ changedAtMs }: ServiceFinding, kept: Kept | undefined, nowMs: number): number {
  if (changedAtMs === undefined || changedAtMs > nowMs) return nowMs;
  return kept === undefined || changedAtMs > kept.sinceMs ? changedAtMs : nowMs;
}
