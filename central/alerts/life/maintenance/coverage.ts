import type { BlastLists } from '../../../health/blast-radius/blast-view.ts';
import type { Inventory } from '../../../inventory/inventory.ts';
import type { AlertPlace } from '../../suppression/alert-place.ts';
import { splitCover, type MaintenanceWindow } from './window.ts';

/** Of what a window covers: a thing of the inventory, such as `site:hub-03`; everything in it belongs to it. */
export type CoveredKeys = ReadonlySet<string>;

export interface CoverageDeps {
  readonly inventory: Pick<
    Inventory,
    'units' | 'sites' | 'devices' | 'agents' | 'links' | 'services' | 'agencies'
  >;
  /** As `blastRadius`. */
  readonly blastRadius: (of: string, alreadyFailed: Iterable<string>) => BlastLists;
}

type Covering = Pick<MaintenanceWindow, 'covers' | 'withDependents'>;

/** What the window covers as the inventory is now. What the inventory no longer has covers alerts that still name it. `owned`: by agency. */
export function coveredKeys(
  { covers, withDependents }: Covering,
  blastRadius: CoverageDeps['blastRadius'],
  owned: ReadonlyMap<string, readonly string[]>,
): CoveredKeys {
  const keys = new Set<string>();
  const failed: string[] = [];
  for (const ref of covers) {
    const [kind, id] = splitCover(ref);
    if (kind === 'agency') for (const key of owned.get(id) ?? []) keys.add(key);
    else keys.add(ref);
    if (!withDependents || kind === 'agency') continue;
    // One after the other, each with those before it, is all of them at once.
    for (const cut of cutOff(blastRadius(ref, failed))) keys.add(cut);
    failed.push(ref);
  }
  return keys;
}

/** What each agency owns, such as `site:hub-03`. */
export function ownedByAgency(inventory: CoverageDeps['inventory']): ReadonlyMap<string, readonly string[]> {
  const owned = new Map<string, string[]>();
  const add = (
    kind: string,
    entries: ReadonlyMap<string, { readonly agency?: string | undefined }>,
  ): void => {
    for (const [id, { agency }] of entries) {
      if (agency === undefined) continue;
      const known = owned.get(agency);
      if (known === undefined) owned.set(agency, [`${kind}:${id}`]);
      else known.push(`${kind}:${id}`);
    }
  };
  const { sites, devices, agents, links, services } = inventory;
  add('site', sites);
  add('device', devices);
  add('agent', agents);
  add('link', links);
  add('service', services);
  return owned;
}

/** Whether the inventory has it. */
export function isKnown(ref: string, { inventory }: Pick<CoverageDeps, 'inventory'>): boolean {
  return idsOf(ref, inventory).has(splitCover(ref)[1]);
}

/** The ids that `ref` could mean. */
export function idsOf(ref: string, inventory: CoverageDeps['inventory']): ReadonlyMap<string, unknown> {
  const lists = {
    unit: inventory.units,
    site: inventory.sites,
    device: inventory.devices,
    link: inventory.links,
    service: inventory.services,
    agency: inventory.agencies,
  };
  return lists[splitCover(ref)[0] as keyof typeof lists];
}

/** Values by what is covered, found by where something is without making a text of it. */
export class PlaceIndex<T> {
  readonly #byKind = new Map<string, Map<string, T>>();

  get(kind: keyof AlertPlace, id: string | undefined): T | undefined {
    return id === undefined ? undefined : this.#byKind.get(kind)?.get(id);
  }

  /** `key`: such as `site:hub-03`. `choose`: of two values of one key. */
  add(key: string, value: T, choose: (known: T, value: T) => T): void {
    const [kind, id] = splitCover(key);
    let byId = this.#byKind.get(kind);
    if (byId === undefined) this.#byKind.set(kind, (byId = new Map<string, T>()));
    const known = byId.get(id);
    byId.set(id, known === undefined ? value : choose(known, value));
  }

  get isEmpty(): boolean {
    return this.#byKind.size === 0;
  }
}

/** Whether something that one covers is, or is in, something that the other covers. */
export function overlap(one: CoveredKeys, other: CoveredKeys, inventory: CoverageDeps['inventory']): boolean {
  return isWithin(one, other, inventory) || isWithin(other, one, inventory);
}

function isWithin(keys: CoveredKeys, outer: CoveredKeys, inventory: CoverageDeps['inventory']): boolean {
  for (const key of keys) {
    if (outer.has(key)) return true;
    const [kind, id] = splitCover(key);
    const { unit = '', site = '' } = placeOf(kind, id, inventory);
    if (outer.has(`site:${site}`) || outer.has(`unit:${unit}`)) return true;
  }
  return false;
}

function placeOf(
  kind: string,
  id: string,
  { devices, sites, agents }: CoverageDeps['inventory'],
): { readonly unit?: string | undefined; readonly site?: string | undefined } {
  if (kind === 'device') return devices.get(id) ?? {};
  if (kind === 'agent') return agents.get(id) ?? {};
  return kind === 'site' ? { unit: sites.get(id)?.unit } : {};
}

function cutOff({ sites, devices, links, services }: BlastLists): string[] {
  const cut = (kind: string, list: BlastLists['sites' | 'devices' | 'links' | 'services']) =>
    list.filter(({ effect }) => effect === 'cut').map(({ id }) => `${kind}:${id}`);
  return [
    ...cut('site', sites),
    ...cut('device', devices),
    ...cut('link', links),
    ...cut('service', services),
  ];
}
