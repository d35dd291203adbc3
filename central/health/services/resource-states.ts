import type { Pool } from '../../../contract/inventory.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { idOf } from '../../inventory/kinds.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Senders } from '../../live/freshness.ts';
import type { LatestCache } from '../../live/latest-cache.ts';
import type { PresentStates } from '../present-states.ts';
import { readMeasuredResources, resourceState, type ResourceState } from './resource-state.ts';
import type { ThingState } from './thing-state.ts';

export interface ResourceStatesDeps {
  readonly inventory: Pick<Inventory, 'pools'>;
  readonly states: Pick<PresentStates, 'momentOf'>;
  readonly latest: Pick<LatestCache, 'visit'>;
  readonly registry: Senders;
  readonly clock: Pick<Clock, 'now'>;
  /** The calendar day of the city, such as 2025-07-01. */
  readonly today: () => string;
}

export interface ResourceMoment extends ResourceState {
  /** Unix time, ms. Of what comes from its site, since that is so; else since central has seen it so, at the earliest its own start. */
  readonly sinceMs: number;
}

/** How each resource of the pools is, judged anew with each question, and since when. */
export class ResourceStates {
  readonly #deps: ResourceStatesDeps;
  #kept: ReadonlyMap<string, ResourceMoment> = new Map();

  constructor(deps: ResourceStatesDeps) {
    this.#deps = deps;
  }

  /** Of all of the inventory, by their ids there, such as `pool-dc1/storage`. */
  list(): ReadonlyMap<string, ResourceMoment> {
    const { inventory, states, latest, registry, clock, today } = this.#deps;
    const nowMs = clock.now();
    const stateOf = (ref: string): ThingState => states.momentOf(ref) ?? { state: 'unknown', roots: [] };
    const parts = { stateOf, measured: readMeasuredResources(latest, registry, nowMs), day: today() };
    this.#kept = new Map(
      inventory.pools.map((pool: Pool) => {
        const id = idOf('pools', pool);
        const found = resourceState(pool, parts);
        const kept = this.#kept.get(id);
        const ofSite = stateOf(`site:${pool.site}`);
        const siteSinceMs =
          ofSite.state === found.state && ofSite.state !== 'up' ? ofSite.sinceMs : undefined;
        const keptSinceMs = kept?.state === found.state ? kept.sinceMs : undefined;
        return [id, { ...found, sinceMs: siteSinceMs ?? keptSinceMs ?? nowMs }];
      }),
    );
    return this.#kept;
  }

  /** Notes what has changed, so that since when is known. Call it each second. */
  refresh(): void {
    if (this.#deps.inventory.pools.length > 0) this.list();
  }

  /** Central's time was set. */
  shiftTime(stepMs: number): void {
    this.#kept = new Map(
      [...this.#kept].map(([id, moment]) => [id, { ...moment, sinceMs: moment.sinceMs + stepMs }]),
    );
  }
}
