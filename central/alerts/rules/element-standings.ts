import type { ElementPlace, ElementPlaces } from '../../health/element-places.ts';
import type { ServiceStates } from '../../health/services/service-states.ts';
import type { ServiceView } from '../../health/services/service-view.ts';
import type { CityStates, StateMoment } from '../../health/states/city-states.ts';
import type { TroubledElements } from '../../health/troubled-elements.ts';
import type { ElementRef } from '../../health/states/state-view.ts';
import type { Inventory } from '../../inventory/inventory.ts';

export const ELEMENT_NAMES = ['device', 'site', 'link', 'service'] as const;
export type ElementName = (typeof ELEMENT_NAMES)[number];

/**
 * How something of the inventory stands, as rules name it. `cut`: unreachable, and itself the root. `degraded`: of services. `disputed`: up or
 * down, and agents disagree.
 */
export type StandingWord = 'down' | 'cut' | 'unreachable' | 'unknown' | 'degraded' | 'disputed';

export interface ElementStanding {
  readonly id: string;
  readonly state: 'up' | Exclude<StandingWord, 'disputed'>;
  readonly sinceMs: number;
  /** Of the inventory, such as `node`; undefined: services have none. */
  readonly kind: string | undefined;
  /** How many sites are unreachable because of it, itself included. */
  readonly sites: number;
  /** The agents that disagree about it; empty if none do. */
  readonly disputedBy: readonly string[];
  /** Of a service: why, in one line. */
  readonly reason: string | undefined;
}

export interface ElementStandingsDeps {
  readonly inventory: Pick<Inventory, 'devices' | 'sites' | 'links'>;
  readonly states: Pick<CityStates, 'momentOf' | 'disputed'>;
  readonly troubled: Pick<TroubledElements, 'inState' | 'sitesBehind'>;
  readonly services: Pick<ServiceStates, 'latest'>;
  readonly places: Pick<ElementPlaces, 'placeOf'>;
}

const NOBODY: readonly string[] = [];

/** What rules over states read: cheap to ask each second, since only what is not up is listed. */
export class ElementStandings {
  readonly #deps: ElementStandingsDeps;

  constructor(deps: ElementStandingsDeps) {
    this.#deps = deps;
  }

  /** Those that may be in one of the states: of services all that are not up. */
  *inStates(of: ElementName, words: ReadonlySet<StandingWord>): Iterable<ElementStanding> {
    const { states, troubled, services } = this.#deps;
    if (of === 'service') {
      for (const view of services.latest()) if (view.state !== 'up') yield ofService(view);
      return;
    }
    const disputed = of === 'device' && words.has('disputed') ? [...states.disputed().keys()] : [];
    for (const ref of disputed) {
      const moment = states.momentOf(ref);
      if (moment !== undefined) yield this.#ofElement(of, ref, moment);
    }
    const known = new Set<string>(disputed);
    for (const state of ['down', 'unreachable', 'unknown'] as const) {
      const onlyCut = state === 'unreachable' && !words.has(state);
      if (onlyCut ? !words.has('cut') : !words.has(state)) continue;
      for (const [ref, moment] of troubled.inState(of, state)) {
        if (known.has(ref) || (onlyCut && !isOwnRoot(ref, moment))) continue;
        yield this.#ofElement(of, ref, moment);
      }
    }
  }

  /** undefined: it is not expected today. */
  find(of: ElementName, id: string): ElementStanding | undefined {
    if (of === 'service') {
      const view = this.#deps.services.latest().find((each) => each.id === id);
      return view && ofService(view);
    }
    const ref = `${of}:${id}`;
    const moment = this.#deps.states.momentOf(ref);
    return moment && this.#ofElement(of, ref, moment);
  }

  placeOf(of: ElementName, id: string): ElementPlace {
    return this.#deps.places.placeOf(`${of}:${id}`);
  }

  #ofElement(of: Exclude<ElementName, 'service'>, ref: string, moment: StateMoment): ElementStanding {
    const { inventory, states, troubled } = this.#deps;
    const { state, sinceMs } = moment;
    const id = ref.slice(of.length + 1);
    const kinds = { device: inventory.devices, site: inventory.sites, link: inventory.links }[of];
    const isCut = state === 'unreachable' && isOwnRoot(ref, moment);
    const isDisputable = of === 'device' && (state === 'up' || state === 'down');
    return {
      ...{ id, sinceMs, state: isCut ? 'cut' : state },
      kind: kinds.get(id)?.kind,
      sites: troubled.sitesBehind(ref),
      disputedBy: (isDisputable ? states.disputed().get(ref as ElementRef) : undefined) ?? NOBODY,
      reason: undefined,
    };
  }
}

function isOwnRoot(ref: string, { roots }: StateMoment): boolean {
  return roots.some((root) => root === ref);
}

function ofService({ id, state, sinceMs, reason }: ServiceView): ElementStanding {
  return { id, state, sinceMs, reason, kind: undefined, sites: 0, disputedBy: NOBODY };
}
