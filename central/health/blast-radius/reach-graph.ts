import type { Device, Link, Site } from '../../../contract/inventory.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { isInService } from '../states/in-service.ts';

/** A site's way to the rest of the city: over one of its parents. */
export interface Way {
  /** Numbers of sites. */
  readonly site: number;
  readonly parent: number;
  /** The lines between the two: one of them must work. None is named: the way needs no more than the parent. */
  readonly links: readonly number[];
}

/** What leads to what, with numbers instead of ids. Does not change with the inventory: build it anew. */
export interface ReachGraph {
  readonly sites: readonly Site[];
  readonly devices: readonly Device[];
  readonly links: readonly Link[];
  readonly siteNumbers: ReadonlyMap<string, number>;
  readonly deviceNumbers: ReadonlyMap<string, number>;
  readonly linkNumbers: ReadonlyMap<string, number>;
  /** Of each device: its site, the devices that it is reached through, those reached through it. */
  readonly siteOf: readonly number[];
  /** It is a router or a switch. */
  readonly isNode: readonly boolean[];
  readonly parentsOf: readonly (readonly number[])[];
  readonly childrenOf: readonly (readonly number[])[];
  /** Of each site: devices at it, ways to it and from it, whether it has routers or switches of its own. */
  readonly devicesAt: readonly (readonly number[])[];
  readonly waysTo: readonly (readonly Way[])[];
  readonly waysFrom: readonly (readonly Way[])[];
  readonly hasNodes: readonly boolean[];
}

type GraphInventory = Pick<Inventory, 'sites' | 'devices' | 'links'>;

/**
 * Pure. `day`: what is not installed yet or is retired by then is left out. So is what leads to nothing: the inventory names
 * such mistakes itself.
 */
export function buildReachGraph(inventory: GraphInventory, day: string): ReachGraph {
  const expected = <T extends Parameters<typeof isInService>[0]>(entries: ReadonlyMap<string, T>): T[] =>
    [...entries.values()].filter((entry) => isInService(entry, day));
  const sites = expected(inventory.sites);
  const devices = expected(inventory.devices);
  const links = expected(inventory.links);
  const siteNumbers = numbersOf(sites);
  const deviceNumbers = numbersOf(devices);
  const parentsOf = devices.map(({ parents }) => knownIn(deviceNumbers, parents));
  const childrenOf = lists(devices.length);
  parentsOf.forEach((parents, child) => {
    for (const parent of parents) childrenOf[parent]?.push(child);
  });
  const siteOf = devices.map(({ site }) => siteNumbers.get(site) ?? -1);
  const isNode = devices.map(({ kind }) => kind === 'node');
  const devicesAt = lists(sites.length);
  siteOf.forEach((site, device) => devicesAt[site]?.push(device));
  const linksBetween = groupLinks(links, siteNumbers);
  const waysTo = sites.map(({ parents }, site) =>
    knownIn(siteNumbers, parents).map((parent): Way => {
      return { site, parent, links: linksBetween.get(pairKey(site, parent)) ?? [] };
    }),
  );
  const waysFrom: Way[][] = sites.map(() => []);
  for (const way of waysTo.flat()) waysFrom[way.parent]?.push(way);
  return {
    sites,
    devices,
    links,
    siteNumbers,
    deviceNumbers,
    linkNumbers: numbersOf(links),
    siteOf,
    isNode,
    parentsOf,
    childrenOf,
    devicesAt,
    waysTo,
    waysFrom,
    hasNodes: devicesAt.map((all) => all.some((device) => isNode[device] === true)),
  };
}

function numbersOf(entries: readonly { readonly id: string }[]): Map<string, number> {
  return new Map(entries.map(({ id }, number) => [id, number]));
}

function knownIn(numbers: ReadonlyMap<string, number>, ids: readonly string[] | undefined): number[] {
  return (ids ?? []).flatMap((id) => numbers.get(id) ?? []);
}

function lists(count: number): number[][] {
  return Array.from({ length: count }, () => []);
}

function groupLinks(
  links: readonly Link[],
  siteNumbers: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly number[]> {
  const between = new Map<string, number[]>();
  links.forEach(({ ends: [one, other] }, link) => {
    const key = pairKey(siteNumbers.get(one.site) ?? -1, siteNumbers.get(other.site) ?? -1);
    const known = between.get(key);
    if (known === undefined) between.set(key, [link]);
    else known.push(link);
  });
  return between;
}

function pairKey(one: number, other: number): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}
