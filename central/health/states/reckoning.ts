import type { CityGraph, DeviceNode, LinkNode, SiteNode, Step, UnitNode } from './graph-nodes.ts';
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

/** Where a step was put in between, or taken away, of the order of steps. */
export interface StepMove {
  readonly at: number;
  readonly isNew: boolean;
}

/**
 * Reckons what may have changed, each step once and after all it depends on: the result is the same as if everything were reckoned anew,
 * whatever came in which order.
 */
export class Reckoning {
  #graph: CityGraph;
  #dirty: Uint8Array;
  /** Not before this one. */
  #dirtyFrom = 0;
  // Marked ones; each says itself that it is.
  #sites: SiteNode[] = [];
  #links: LinkNode[] = [];
  #units: UnitNode[] = [];
  /** Central hears nobody: nothing can be said. */
  isBlind = false;

  /** Everything of a new graph is to be reckoned. */
  constructor(graph: CityGraph) {
    this.#graph = graph;
    this.#dirty = new Uint8Array(graph.steps.length);
    this.markAll();
  }

  /** The same graph with other steps: what was marked still is. */
  follow(graph: CityGraph, moves: readonly StepMove[]): void {
    this.#graph = graph;
    for (const { at, isNew } of moves) {
      const before = this.#dirty;
      this.#dirty = new Uint8Array(before.length + (isNew ? 1 : -1));
      this.#dirty.set(before.subarray(0, at));
      this.#dirty.set(before.subarray(isNew ? at : at + 1), isNew ? at + 1 : at);
    }
    if (moves.length > 0) this.#dirtyFrom = 0;
    this.#links = this.#links.filter((node) => graph.links.get(node.link.id) === node);
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
    if (node.isMarked) return;
    node.isMarked = true;
    this.#sites.push(node);
  }

  markLink(node: LinkNode): void {
    this.#markLinkState(node);
    for (const { entry } of node.sites) this.#mark(entry);
  }

  markUnit(node: UnitNode | undefined): void {
    if (node === undefined || node.isMarked) return;
    node.isMarked = true;
    this.#units.push(node);
  }

  markAll(): void {
    this.#dirty.fill(1);
    this.#dirtyFrom = 0;
    for (const site of this.#graph.sites.values()) this.markSiteState(site);
    for (const link of this.#graph.links.values()) this.#markLinkState(link);
    for (const unit of this.#graph.units.values()) this.markUnit(unit);
  }

  /** Nothing is marked: `run` would find nothing. */
  get isDone(): boolean {
    const isMarked = this.#dirtyFrom < this.#graph.steps.length;
    return !isMarked && this.#sites.length === 0 && this.#links.length === 0 && this.#units.length === 0;
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
    const [sites, links] = [this.#sites, this.#links];
    this.#sites = [];
    this.#links = [];
    for (const site of sites) {
      site.isMarked = false;
      this.#settle(site.standing, siteOutcome(site), settle);
      this.markUnit(site.unit);
    }
    for (const link of links) {
      link.isMarked = false;
      this.#settle(link.standing, linkOutcome(link), settle);
    }
    const units = this.#units;
    this.#units = [];
    for (const unit of units) {
      unit.isMarked = false;
      this.#settle(unit.standing, unitOutcome(unit), settle);
    }
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
      this.#markLinksOf(of);
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
      else this.#markLinksOf(of);
      for (const dependent of step.dependents) if (dependent.ring !== ring) this.#mark(dependent);
    });
  }

  #settleDevice(node: DeviceNode, outcome: Outcome, settle: Settle): void {
    this.#settle(node.standing, outcome, settle);
    this.markUnit(node.unit);
    if (node.site !== undefined) this.markSiteState(node.site);
  }

  #takeDevice(node: DeviceNode, settle: Settle): void {
    const outcome = deviceOutcome(node);
    this.#settleDevice(node, outcome, settle);
    const stops = deviceStops(node, outcome);
    if (sameRoots(stops, node.stops)) return;
    node.stops = stops;
    this.#markLinksOf(node);
    this.#markDependents(node.step);
  }

  #markLinksOf({ links }: DeviceNode | SiteNode): void {
    if (links.length > 0) for (const link of links) this.#markLinkState(link);
  }

  #markLinkState(node: LinkNode): void {
    if (node.isMarked) return;
    node.isMarked = true;
    this.#links.push(node);
  }

  #settle(standing: Standing, outcome: Outcome, settle: Settle): void {
    settle(standing, this.isBlind ? BLIND : outcome);
  }

  /** Most have none: an empty list is not gone through, which costs where V8 has compiled nothing yet. */
  #markDependents({ dependents }: Step): void {
    if (dependents.length > 0) for (const step of dependents) this.#mark(step);
  }

  #mark({ at }: Step): void {
    this.#dirty[at] = 1;
    if (at < this.#dirtyFrom) this.#dirtyFrom = at;
  }
}

function sameRoots(left: Roots | undefined, right: Roots | undefined): boolean {
  return left === right || (left !== undefined && right !== undefined && areSame(left, right));
}
