import type { PresentState } from '../../health/present-states.ts';
import { causeOf, type Cause, type CauseView, type Relation } from './cause.ts';
import type { Incident, OpenAlert } from './incident.ts';
import type { PowerOutages } from './power.ts';
import type { SharedCauses } from './shared-causes.ts';
import type { SiteRoots } from './site-roots.ts';
import { subjectsOf } from '../suppression/subjects.ts';

/** Where an alert belongs. */
export interface Place {
  readonly root: string;
  readonly relation: Relation;
  readonly kind: 'parent' | 'power';
  /** Nothing is down: it is one of several alerts with one cause. */
  readonly isShared: boolean;
  /** What was told of it before was of another outage. */
  readonly isNewStep?: boolean;
  /** In words. */
  readonly reason: string;
}

export interface PlacingDeps {
  readonly view: CauseView;
  readonly power: PowerOutages;
  readonly shared: SharedCauses;
  readonly siteRoots: SiteRoots;
  /** Open incidents. */
  readonly byRoot: ReadonlyMap<string, Incident>;
  readonly wasTold: (alertId: string) => boolean;
  /** Rules that say that something is down, cut or silent. */
  readonly saysDown: (rule: string) => boolean;
}

/**
 * What was told, and began so long before its root: it has another cause. Longer than states take to be found: three intervals, and a rule's
 * minutes.
 */
const ADOPT_MS = 600_000;
/** What is wrong with the root itself, but is no outage, began with it within this time; else it has another cause, told or not. */
const WITH_ROOT_MS = 60_000;

/** Finds the root of each alert, of several the one that an incident is open for. */
export class Placing {
  readonly #deps: PlacingDeps;

  constructor(deps: PlacingDeps) {
    this.#deps = deps;
  }

  /** undefined: nothing explains it. */
  of(alert: OpenAlert): Place | undefined {
    const { view, siteRoots } = this.#deps;
    if (this.#tellsOfPast(alert)) return undefined;
    const cause = causeOf(alert.facts, { ...view, rootOf: (ref) => siteRoots.rootOf(ref) });
    const place = this.#power(alert, cause) ?? (cause && this.#parent(alert, cause));
    if (place === undefined) return this.#shared(alert);
    if (!this.#isOlder(alert, place)) return place;
    // It stood since another outage; that it gets graver now comes of this one.
    return alert.looksBack && place.relation === 'impact' ? { ...place, isNewStep: true } : undefined;
  }

  stateOf(ref: string): PresentState | undefined {
    return this.#deps.view.states.momentOf(ref);
  }

  /** What it is about is measured well. */
  isUp({ facts }: OpenAlert): boolean {
    const { states, places } = this.#deps.view;
    return subjectsOf(facts, places).some(({ ref }) => states.momentOf(ref)?.state === 'up');
  }

  /** What it tells of is past, and nothing new. A finding is no part of an outage. */
  isEcho(alert: OpenAlert): boolean {
    return alert.facts.severity !== 'warning' && this.#tellsOfPast(alert);
  }

  /** Those that may stand for what states have named, the likeliest first. */
  rootsFor(refs: readonly string[]): readonly string[] {
    const sites = refs.flatMap((ref) => this.#deps.siteRoots.siteOf(ref) ?? []);
    return [...new Set([...refs, ...sites])];
  }

  /** What explains others is still down, cut or without power. */
  isBad(root: string): boolean {
    // A unit is as bad as the worst in it.
    if (root.startsWith('unit:')) return false;
    const state = this.stateOf(root)?.state;
    return state === 'down' || state === 'unreachable' || this.#deps.power.at(root).size > 0;
  }

  /** Of the time before now, since the service that it names is not found down: it may be degraded by something else by then, or not known. */
  #tellsOfPast({ facts, looksBack }: OpenAlert): boolean {
    const { service } = facts.entity;
    return service !== undefined && looksBack && this.#deps.view.serviceOf(service)?.state !== 'down';
  }

  #parent({ place }: OpenAlert, { roots, relation, isSupposed }: Cause): Place | undefined {
    const { view } = this.#deps;
    const known = roots.find((each) => each === place?.incident.root);
    // Where nobody can say, it stays where it is, and goes nowhere else.
    if (isSupposed && known === undefined) return undefined;
    const root =
      known ?? roots.map((each) => this.#openFor(each)).find((each) => each !== undefined) ?? roots[0];
    if (root === undefined) return undefined;
    const name = view.places.nameOf(root);
    const state = this.stateOf(root)?.state === 'unreachable' ? 'cut off' : 'down';
    return { root, relation, kind: 'parent', isShared: false, reason: `${name} is ${state}` };
  }

  /** The root of an incident that is open for it: a site stays the root as long as it is down, also while not all is known of what is there. */
  #openFor(root: string): string | undefined {
    const { byRoot, siteRoots } = this.#deps;
    if (byRoot.has(root)) return root;
    const site = siteRoots.siteOf(root);
    return site !== undefined && byRoot.has(site) && this.stateOf(site)?.state === 'down' ? site : undefined;
  }

  /** What hung on something that was down comes back by itself first. */
  #shared(alert: OpenAlert): Place | undefined {
    const { place } = alert;
    if (place !== undefined && place.relation !== 'alone' && !place.isShared) return undefined;
    const cause = this.#deps.shared.of(alert);
    return cause && { ...cause, kind: 'parent', isShared: true };
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
    return { root, relation: own === undefined ? 'behind' : 'root', kind: 'power', isShared: false, reason };
  }

  #isOlder({ facts, place }: OpenAlert, { root, relation, kind }: Place): boolean {
    if (place?.incident.root === root) return false;
    const { power, siteRoots, saysDown, wasTold } = this.#deps;
    const starts = [...power.at(root)].map((outage) => outage.facts.startedAtMs);
    const sinceMs = kind === 'power' ? Math.min(...starts) : siteRoots.sinceMsOf(root);
    if (sinceMs === undefined) return false;
    if (relation === 'root' && kind === 'parent' && !saysDown(facts.rule))
      return facts.startedAtMs < sinceMs - WITH_ROOT_MS;
    return facts.startedAtMs < sinceMs - ADOPT_MS && wasTold(facts.id);
  }
}
