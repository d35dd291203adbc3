import { affectedOf, agenciesAffected, unitsAffected, type Affected } from './affected.ts';
import type { BlastModel } from './blast-model.ts';
import { BLAST_KINDS, type BlastCounts, type BlastLists, type Effect } from './blast-view.ts';
import { outcomeOf } from './outcome.ts';

/**
 * What is cut off or degraded because of one thing, apart from itself. Pure. `of`: kind and id, such as `site:hub-03`.
 * `alreadyFailed`: what is down now, noted alike; then it is what hangs on `of` as things are.
 */
export function blastRadius(model: BlastModel, of: string, alreadyFailed: Iterable<string> = []): BlastLists {
  const others = new Set(alreadyFailed);
  others.delete(of);
  const before = others.size === 0 ? model.intact : outcomeOf(model, others);
  const after = outcomeOf(model, new Set([...others, of]));
  const { graph } = model;
  const allDevices = affectedOf(graph.devices, before.device, after.device);
  const allSites = affectedOf(graph.sites, before.site, after.site);
  const devices = without(of, 'device', allDevices);
  const sites = without(of, 'site', allSites);
  const links = without(of, 'link', affectedOf(graph.links, before.link, after.link));
  const pools = without(of, 'pool', affectedOf(model.pools, before.pool, after.pool));
  const services = without(of, 'service', affectedOf(model.services, before.service, after.service));
  const units = unitsAffected(model, allSites, allDevices, after);
  const lists: BlastLists = {
    devices: devices.map(({ entry: { id, kind, site, unit }, effect }) => ({ id, effect, kind, site, unit })),
    sites: sites.map(({ entry: { id, kind, name, unit }, effect }) => ({ id, effect, kind, name, unit })),
    links: links.map(({ entry: { id }, effect }) => ({ id, effect })),
    pools: pools.map(({ entry: { id, site }, effect }) => ({ id, effect, site })),
    units: units.filter(({ id }) => `unit:${id}` !== of),
    services: services.map(({ entry: { id, name }, number, effect }) => {
      return { id, effect, name, reason: after.reason(number) };
    }),
    agencies: agenciesAffected(model.agencies, [devices, sites, links, pools, services].flat()),
  };
  for (const kind of BLAST_KINDS) lists[kind].sort((a, b) => (a.id < b.id ? -1 : 1));
  return lists;
}

/** How many things of each kind are affected. */
export function countBlast(lists: BlastLists): BlastCounts {
  const count = (list: readonly { readonly effect: Effect }[]) => {
    const cut = list.filter(({ effect }) => effect === 'cut').length;
    return { cut, degraded: list.length - cut };
  };
  return {
    devices: count(lists.devices),
    sites: count(lists.sites),
    links: count(lists.links),
    pools: count(lists.pools),
    units: count(lists.units),
    services: count(lists.services),
    agencies: count(lists.agencies),
  };
}

function without<T extends { readonly id: string }>(
  of: string,
  kind: string,
  affected: readonly Affected<T>[],
): Affected<T>[] {
  return affected.filter(({ entry }) => `${kind}:${entry.id}` !== of);
}
