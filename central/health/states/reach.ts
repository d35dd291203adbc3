import {
  usesExit,
  type DeviceNode,
  type LinkNode,
  type SiteNode,
  type UnitNode,
  type Way,
} from './graph-nodes.ts';
import { NO_ROOTS, type Roots } from './standing.ts';
import type { ElementRef, State } from './state-view.ts';

/** What an element comes to. */
export interface Outcome {
  readonly state: State;
  readonly roots: Roots;
}

/** Of many causes so many are named. */
const MAX_ROOTS = 8;
const UNKNOWN: Outcome = { state: 'unknown', roots: NO_ROOTS };
const UP: Outcome = { state: 'up', roots: NO_ROOTS };
const DOWN: Outcome = { state: 'down', roots: NO_ROOTS };

/** Why no way leads to the site; undefined: one may, or something there is heard, which proves one. */
export function offOf(node: SiteNode): Roots | undefined {
  if (node.heard > 0) return undefined;
  const overWays = allStop(node.ways, shutOf);
  if (overWays !== undefined) return overWays;
  // A measurement says more than silence.
  return node.isCut && !node.carriers.some(isBad) ? [node.ref] : undefined;
}

/** Why nothing comes over it. */
function shutOf({ to, links }: Way): Roots | undefined {
  return links.length > 0 && links.every(isBad) ? refsOf(links) : to.stops;
}

/** What is to blame for all behind the site: its nodes, what it is off for, or itself where all in it is down. */
export function stopsOf(node: SiteNode): Roots | undefined {
  const { carriers, off, heard, devices } = node;
  if (carriers.length > 0) return allStop(carriers, ownStops);
  if (off !== undefined) return off;
  return heard === 0 && devices.length > 0 && devices.every(isBad) ? [node.ref] : undefined;
}

/** Something measured well is up, whatever is said of the ways to it. */
export function deviceOutcome(node: DeviceNode): Outcome {
  const { verdict } = node.decision;
  if (verdict === 'well') return UP;
  const roots = waysOff(node);
  if (roots !== undefined) return { state: 'unreachable', roots };
  return verdict === 'bad' ? DOWN : UNKNOWN;
}

export function deviceStops(node: DeviceNode, { state, roots }: Outcome): Roots | undefined {
  return state === 'down' ? [node.ref] : state === 'unreachable' ? roots : undefined;
}

function waysOff(node: DeviceNode): Roots | undefined {
  const { site, parents } = node;
  const ofSite =
    site === undefined || site.heard > 0 ? undefined : usesExit(node, site) ? site.stops : site.off;
  return ofSite ?? allStop(parents, ownStops);
}

export function siteOutcome({ carriers, devices, heard, off }: SiteNode): Outcome {
  if (carriers.length > 0 && carriers.every(isDown)) return DOWN;
  if (heard > 0) return UP;
  if (off !== undefined) return { state: 'unreachable', roots: off };
  if (devices.some(isDown)) return DOWN;
  const roots = allStop(devices, rootsIfUnreachable);
  return roots === undefined ? UNKNOWN : { state: 'unreachable', roots };
}

/** A link is up where one end sees it up and none sees it down. */
export function linkOutcome({ decision, ends }: LinkNode): Outcome {
  if (decision.verdict !== undefined) return decision.verdict === 'bad' ? DOWN : UP;
  const roots = allStop(ends, ownStops);
  return roots === undefined ? UNKNOWN : { state: 'unreachable', roots };
}

/** The worst of its devices and sites; without any, whether its agents are heard. */
export function unitOutcome({ devices, sites, agents }: UnitNode): Outcome {
  const unreachable = new Set<Roots>();
  let areUp = true;
  for (const parts of [devices, sites]) {
    for (const { standing } of parts) {
      if (standing.state === 'down') return DOWN;
      // Devices behind one fault mostly share their list of roots.
      if (standing.state === 'unreachable') unreachable.add(standing.roots);
      if (parts === devices && standing.state !== 'up') areUp = false;
    }
  }
  if (unreachable.size > 0) return { state: 'unreachable', roots: union([...unreachable]) };
  const isKnown = devices.length > 0 ? areUp : agents.some(({ isHeard }) => isHeard);
  return isKnown ? UP : UNKNOWN;
}

// Named, as one that is written where it is used is made anew for each of thousands.
function isBad({ decision }: DeviceNode | LinkNode): boolean {
  return decision.verdict === 'bad';
}
function isDown({ standing }: DeviceNode): boolean {
  return standing.state === 'down';
}
function ownStops({ stops }: DeviceNode | SiteNode): Roots | undefined {
  return stops;
}
function rootsIfUnreachable({ standing }: DeviceNode): Roots | undefined {
  return standing.state === 'unreachable' ? standing.roots : undefined;
}

/** undefined: one of them stops nothing, or there are none. What hangs on one fault mostly shares one list, which is given back as it is. */
function allStop<T>(each: readonly T[], rootsOf: (item: T) => Roots | undefined): Roots | undefined {
  let all: Roots | undefined;
  let different: Roots[] | undefined;
  for (const item of each) {
    const roots = rootsOf(item);
    if (roots === undefined) return undefined;
    if (all === undefined) all = roots;
    else if (roots !== all) (different ??= [all]).push(roots);
  }
  return different === undefined ? all : union(different);
}

function refsOf(links: readonly LinkNode[]): Roots {
  return union(links.map(({ ref }) => [ref]));
}

/** Sorted, each once. */
function union(lists: readonly Roots[]): Roots {
  const [first] = lists;
  if (lists.length === 1 && first !== undefined) return first;
  return [...new Set<ElementRef>(lists.flat())].sort().slice(0, MAX_ROOTS);
}
