import type { CityGraph, DeviceNode, LinkNode, SiteNode, Step, UnitNode } from './city-graph.ts';
import {
  deviceOutcome,
  deviceStops,
  linkOutcome,
  offOf,
  siteOutcome,
  stopsOf,
  unitOutcome,
  type Outcome,
} from './reach.ts';
import { reckonRing, resultOf } from './ring.ts';
import { areSame, NO_ROOTS, type Roots, type Standing } from './standing.ts';

const BLIND: Outcome = { state: 'unknown', roots: NO_ROOTS };

/** Takes the new state of an element; called at most once an element and run. */
export type Settle = (standing: Standing, outcome: Outcome) => void;

/**
 * Reckons what may have changed, each step once and after all it depends on: the result is the same as if everything were reckoned anew,
 * whatever came in which order.
 */
export class Reckoning {
  readonly #graph: CityGraph;
  readonly #unitOf: ReadonlyMap<string, UnitNode>;
  readonly #linksOf = new Map<DeviceNode | SiteNode, LinkNode[]>();
  readonly #dirty: Uint8Array;
  /** Not before this one. */
  #dirtyFrom = 0;
  readonly #sites = new Set<SiteNode>();
  readonly #links = new Set<LinkNode>();
  readonly #units = new Set<UnitNode>();
  /** Central hears nobody: nothing can be said. */
  isBlind = false;

  /** Everything of a new graph is to be reckoned. */
  constructor(graph: CityGraph) {
    this.#graph = graph;
    this.#unitOf = graph.units;
    this.#dirty = new Uint8Array(graph.steps.length).fill(1);
    for (const link of graph.links.values()) {
      this.#links.add(link);
      for (const end of link.ends) this.#linksOf.set(end, [...(this.#linksOf.get(end) ?? []), link]);
    }
    for (const unit of graph.units.values()) this.#units.add(unit);
    for (const site of graph.sites.values()) this.#sites.add(site);
  }

  markDevice(node: DeviceNode): void {
    this.#mark(node.step);
    const { site } = node;
    if (site === undefined) return;
    this.#mark(site.entry);
    this.#mark(site.exit);
    this.markSiteState(site);
  }

  /** Something there is heard for the first time, or nothing any more; or it is cut, or no longer. */
  markSite(node: SiteNode): void {
    this.#mark(node.entry);
    this.#mark(node.exit);
    for (const { step } of node.devices) this.#mark(step);
    this.markSiteState(node);
  }

  /** Only how the site itself stands. */
  markSiteState(node: SiteNode): void {
    this.#sites.add(node);
  }

  markLink(node: LinkNode): void {
    this.#links.add(node);
    for (const { entry } of node.sites) this.#mark(entry);
  }

  markUnit(code: string): void {
    const unit = this.#unitOf.get(code);
    if (unit !== undefined) this.#units.add(unit);
  }

  markAll(): void {
    this.#dirty.fill(1);
    this.#dirtyFrom = 0;
    for (const site of this.#graph.sites.values()) this.#sites.add(site);
    for (const link of this.#graph.links.values()) this.#links.add(link);
    for (const unit of this.#graph.units.values()) this.#units.add(unit);
  }

  /** Nothing is marked: `run` would find nothing. */
  get isDone(): boolean {
    const isMarked = this.#dirtyFrom < this.#graph.steps.length;
    return !isMarked && this.#sites.size === 0 && this.#links.size === 0 && this.#units.size === 0;
  }

  run(settle: Settle): void {
    const { steps } = this.#graph;
    while (this.#dirtyFrom < steps.length) {
      const isNext = this.#dirty[this.#dirtyFrom] === 1;
      const at = isNext ? this.#dirtyFrom : this.#dirty.indexOf(1, this.#dirtyFrom);
      this.#dirtyFrom = at < 0 ? steps.length : at + 1;
      const step = steps[at];
      if (step === undefined) continue;
      this.#dirty[at] = 0;
      if (step.ring === undefined) this.#take(step, settle);
      else this.#takeRing(step.ring, settle);
    }
    for (const site of this.#sites) {
      this.#settle(site.standing, siteOutcome(site), settle);
      this.markUnit(site.site.unit);
    }
    this.#sites.clear();
    for (const link of this.#links) this.#settle(link.standing, linkOutcome(link), settle);
    this.#links.clear();
    for (const unit of this.#units) this.#settle(unit.standing, unitOutcome(unit), settle);
    this.#units.clear();
  }

  #take(step: Step, settle: Settle): void {
    const { of } = step;
    if ('device' in of) this.#takeDevice(of, settle);
    else if (step.kind === 'entry') {
      const off = offOf(of);
      if (sameRoots(off, of.off)) return;
      of.off = off;
      this.markSiteState(of);
      this.#markDependents(step);
    } else {
      const stops = stopsOf(of);
      if (sameRoots(stops, of.stops)) return;
      of.stops = stops;
      for (const link of this.#linksOf.get(of) ?? []) this.#links.add(link);
      this.#markDependents(step);
    }
  }

  /** All of it anew: what was open because of another in it may be shut now. */
  #takeRing(ring: readonly Step[], settle: Settle): void {
    const before = ring.map(resultOf);
    reckonRing(ring);
    ring.forEach((step, at) => {
      this.#dirty[step.at] = 0;
      const { of } = step;
      if ('device' in of) this.#settleDevice(of, deviceOutcome(of), settle);
      if (sameRoots(before[at], resultOf(step))) return;
      if (step.kind === 'entry' && 'off' in of) this.markSiteState(of);
      else for (const link of this.#linksOf.get(of) ?? []) this.#links.add(link);
      for (const dependent of step.dependents) if (dependent.ring !== ring) this.#mark(dependent);
    });
  }

  #settleDevice(node: DeviceNode, outcome: Outcome, settle: Settle): void {
    this.#settle(node.standing, outcome, settle);
    this.markUnit(node.device.unit);
    if (node.site !== undefined) this.markSiteState(node.site);
  }

  #takeDevice(node: DeviceNode, settle: Settle): void {
    const outcome = deviceOutcome(node);
    this.#settleDevice(node, outcome, settle);
    const stops = deviceStops(node, outcome);
    if (sameRoots(stops, node.stops)) return;
    node.stops = stops;
    for (const link of this.#linksOf.get(node) ?? []) this.#links.add(link);
    this.#markDependents(node.step);
  }

  #settle(standing: Standing, outcome: Outcome, settle: Settle): void {
    settle(standing, this.isBlind ? BLIND : outcome);
  }

  #markDependents({ dependents }: Step): void {
    for (const step of dependents) this.#mark(step);
  }

  #mark({ at }: Step): void {
    this.#dirty[at] = 1;
    if (at < this.#dirtyFrom) this.#dirtyFrom = at;
  }
}

function sameRoots(left: Roots | undefined, right: Roots | undefined): boolean {
  return left === right || (left !== undefined && right !== undefined && areSame(left, right));
}
