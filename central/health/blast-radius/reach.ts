import type { ReachGraph, Way } from './reach-graph.ts';

/** Things that have failed, by their numbers in the graph. */
export interface Failed {
  readonly sites: ReadonlySet<number>;
  readonly devices: ReadonlySet<number>;
  readonly links: ReadonlySet<number>;
}

/** What can be reached from the top of the city, 1 for each number. */
export interface Reach {
  /** A way leads there. */
  readonly sites: Uint8Array;
  /** A way leads there, and a router or switch of it, if it has any, works: it carries what lies behind it. */
  readonly carriers: Uint8Array;
  readonly devices: Uint8Array;
  readonly links: Uint8Array;
}

/**
 * Pure. Spreads from the sites without parents: a site is reached over any way that works, a device when its site is reached and
 * any of its parents is; what is no router or switch itself is reached through those of its site, where there are any. Rings need nothing
 * special, and a circle of parents without a top is not reached.
 */
export function reachFrom(graph: ReachGraph, failed: Failed): Reach {
  const sites = new Uint8Array(graph.sites.length);
  const carriers = new Uint8Array(graph.sites.length);
  const devices = new Uint8Array(graph.devices.length);
  const links = Uint8Array.from(graph.links, (_, link) => (isWhole(graph, link, failed) ? 1 : 0));
  const reachedSites: number[] = [];
  const reachedDevices: number[] = [];

  const reachSite = (site: number): void => {
    if (sites[site] === 1 || failed.sites.has(site)) return;
    sites[site] = 1;
    reachedSites.push(site);
  };
  const tryDevice = (device: number): void => {
    if (devices[device] === 1 || failed.devices.has(device)) return;
    const site = graph.siteOf[device] ?? -1;
    const isLed = graph.isNode[device] === true ? sites[site] === 1 : carriers[site] === 1;
    if (!isLed) return;
    const parents = graph.parentsOf[device] ?? [];
    if (parents.length > 0 && !parents.some((parent) => devices[parent] === 1)) return;
    devices[device] = 1;
    reachedDevices.push(device);
  };
  const carry = (site: number): void => {
    if (carriers[site] === 1) return;
    carriers[site] = 1;
    for (const device of graph.devicesAt[site] ?? []) tryDevice(device);
    for (const way of graph.waysFrom[site] ?? []) if (hasLine(way, links)) reachSite(way.site);
  };

  graph.waysTo.forEach((ways, site) => {
    if (ways.length === 0) reachSite(site);
  });
  for (;;) {
    const site = reachedSites.pop();
    if (site !== undefined) {
      if (graph.hasNodes[site] !== true) carry(site);
      else for (const device of graph.devicesAt[site] ?? []) tryDevice(device);
      continue;
    }
    const device = reachedDevices.pop();
    if (device === undefined) break;
    if (graph.isNode[device] === true) carry(graph.siteOf[device] ?? -1);
    for (const child of graph.childrenOf[device] ?? []) tryDevice(child);
  }
  cutLinks(graph, sites, links);
  return { sites, carriers, devices, links };
}

/** How many lines or, where none are named, ways lead to a site that can be used. */
export function usableWays(graph: ReachGraph, { carriers, links }: Reach, site: number): number {
  let count = 0;
  for (const way of graph.waysTo[site] ?? []) {
    if (carriers[way.parent] !== 1) continue;
    count += way.links.length === 0 ? 1 : countSet(way.links, links);
  }
  return count;
}

export function usableParents(graph: ReachGraph, { devices }: Reach, device: number): number {
  return countSet(graph.parentsOf[device] ?? [], devices);
}

function countSet(numbers: readonly number[], flags: Uint8Array): number {
  let count = 0;
  for (const number of numbers) count += flags[number] ?? 0;
  return count;
}

/** Neither the line itself nor what stands at its ends has failed. */
function isWhole(graph: ReachGraph, link: number, failed: Failed): boolean {
  if (failed.links.has(link)) return false;
  return (graph.links[link]?.ends ?? []).every(
    ({ site, device }) =>
      !failed.sites.has(graph.siteNumbers.get(site) ?? -1) &&
      (device === undefined || !failed.devices.has(graph.deviceNumbers.get(device) ?? -1)),
  );
}

function hasLine({ links: own }: Way, links: Uint8Array): boolean {
  return own.length === 0 || own.some((link) => links[link] === 1);
}

/** A whole line between two places that are cut off both carries nothing. */
function cutLinks(graph: ReachGraph, sites: Uint8Array, links: Uint8Array): void {
  graph.links.forEach(({ ends }, link) => {
    if (!ends.some(({ site }) => sites[graph.siteNumbers.get(site) ?? -1] === 1)) links[link] = 0;
  });
}
