import type { PresentState } from '../../health/present-states.ts';
import { causeOf, type Cause, type CauseView, type Relation } from './cause.ts';
import type { Incident, OpenAlert } from './incident.ts';
import type { PowerOutages } from './power.ts';
import { subjectsOf } from '../suppression/subjects.ts';

/** Where an alert belongs. */
export interface Place {
  readonly root: string;
  readonly relation: Relation;
  readonly kind: 'parent' | 'power';
  /** In words. */
  readonly reason: string;
}

export interface PlacingDeps {
  readonly view: CauseView;
  readonly power: PowerOutages;
  /** Open incidents. */
  readonly byRoot: ReadonlyMap<string, Incident>;
  readonly wasTold: (alertId: string) => boolean;
}

/**
 * What was told, and began so long before its root: it has another cause. Longer than states take to be found: three intervals, and a rule's
 * minutes.
 */
const ADOPT_MS = 600_000;

/** Finds the root of each alert, of several the one that an incident is open for. */
export class Placing {
  readonly #deps: PlacingDeps;

  constructor(deps: PlacingDeps) {
    this.#deps = deps;
  }

  /** undefined: nothing explains it. */
  of(alert: OpenAlert): Place | undefined {
    const cause = causeOf(alert.facts, this.#deps.view);
    const place = this.#power(alert, cause) ?? (cause && this.#parent(alert, cause));
    return place === undefined || this.#isOlder(alert, place) ? undefined : place;
  }

  stateOf(ref: string): PresentState | undefined {
    return this.#deps.view.states.momentOf(ref);
  }

  /** What it is about is measured well. */
  isUp({ facts }: OpenAlert): boolean {
    const { states, places } = this.#deps.view;
    return subjectsOf(facts, places).some(({ ref }) => states.momentOf(ref)?.state === 'up');
  }

  /** What explains others is still down, cut or without power. */
  isBad(root: string): boolean {
    const state = this.stateOf(root)?.state;
    return state === 'down' || state === 'unreachable' || this.#deps.power.at(root).size > 0;
  }

  #parent({ place }: OpenAlert, { roots, relation }: Cause): Place | undefined {
    const { byRoot, view } = this.#deps;
    const root =
      roots.find((each) => each === place?.incident.root) ??
      roots.find((each) => byRoot.has(each)) ??
      roots[0];
    if (root === undefined) return undefined;
    const name = view.places.nameOf(root);
    const state = this.stateOf(root)?.state === 'unreachable' ? 'cut off' : 'down';
    return { root, relation, kind: 'parent', reason: `${name} is ${state}` };
  }

  /** A way that is down or cut explains more than the power of the place itself. */
  #power(alert: OpenAlert, cause: Cause | undefined): Place | undefined {
    const { power, byRoot, view } = this.#deps;
    const isElsewhere = (site: string): boolean =>
      cause !== undefined && cause.relation !== 'root' && !cause.roots.includes(site);
    const own = power.outageOf(alert);
    const root = own ?? power.explains(alert);
    if (root === undefined || isElsewhere(root)) return undefined;
    // By itself it is an alert like any other: nothing has failed because of it yet.
    if (own !== undefined && byRoot.get(own) === undefined) return undefined;
    const reason = `${view.places.nameOf(root)} has no power`;
    return { root, relation: own === undefined ? 'behind' : 'root', kind: 'power', reason };
  }

  #isOlder({ facts, place }: OpenAlert, { root, relation, kind }: Place): boolean {
    if (relation === 'root' || place?.incident.root === root) return false;
    const starts = [...this.#deps.power.at(root)].map((outage) => outage.facts.startedAtMs);
    const sinceMs = kind === 'power' ? Math.min(...starts) : this.stateOf(root)?.sinceMs;
    return sinceMs !== undefined && facts.startedAtMs < sinceMs - ADOPT_MS && this.#deps.wasTold(facts.id);
  }
}
