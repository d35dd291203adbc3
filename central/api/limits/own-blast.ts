import { BLAST_KINDS, type BlastLists } from '../../health/blast-radius/blast-view.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Reach } from './reach.ts';

/** Of what is affected the caller's own; `isPartial`: something else is affected, too. Pure. */
export function ownBlast(
  lists: BlastLists,
  reach: Reach,
  allPools: Inventory['pools'],
): { readonly lists: BlastLists; readonly isPartial: boolean } {
  const ownPools = new Set(allPools.flatMap((pool) => (reach.hasPool(pool) ? [pool.id] : [])));
  const own: BlastLists = {
    devices: lists.devices.filter(({ id }) => reach.has('device', id)),
    sites: lists.sites.filter(({ id }) => reach.has('site', id)),
    links: lists.links.filter(({ id }) => reach.has('link', id)),
    pools: lists.pools.filter(({ id }) => ownPools.has(id)),
    units: lists.units.filter(({ id }) => reach.has('unit', id)),
    services: lists.services.filter(({ id }) => reach.has('service', id)),
    agencies: lists.agencies.filter(({ id }) => reach.has('agency', id)),
  };
  return { lists: own, isPartial: BLAST_KINDS.some((kind) => own[kind].length < lists[kind].length) };
}
