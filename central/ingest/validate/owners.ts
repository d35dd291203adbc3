import type { MeasurementDefinition } from '../../../contract/catalogue.ts';
import { POOL } from '../../../contract/measurements/define.ts';
import type { Inventory } from '../../inventory/inventory.ts';

/** What has owners. */
export type OwnedKind = 'device' | 'pool';

/** Which agents may speak of it; undefined: any, as the inventory does not say. */
export type FindOwners = (id: string, kind: OwnedKind) => readonly string[] | undefined;

/** Whether a device is in the inventory. Where that lists no device at all, each is. */
export type IsListed = (device: string) => boolean;

/** A tag that says whose values a row has. */
export interface OwnedTag {
  readonly name: string;
  /** Its index among `names`. */
  readonly at: number;
  readonly kind: OwnedKind;
}

/** Those of `names` in a measurement; central may speak of everything. Pure. */
export function ownedTags(
  definition: Pick<MeasurementDefinition, 'origin' | 'tags'>,
  names: readonly string[],
): readonly OwnedTag[] {
  if (definition.origin !== 'agent') return [];
  return names.flatMap((name, at): OwnedTag[] => {
    if (name === 'device' || name === 'host') return [{ name, at, kind: 'device' }];
    // Elsewhere it is a pool of disks.
    return name === 'pool' && definition.tags['pool'] === POOL ? [{ name, at, kind: 'pool' }] : [];
  });
}

type Listed = Pick<Inventory, 'devices' | 'pools' | 'agents'>;
type Devices = Pick<Inventory, 'devices'>;

/** As the inventory is when it is asked. */
export function ownersIn(inventory: Listed): FindOwners {
  const ownersOfPool = poolOwnersIn(inventory);
  return (id, kind) => {
    if (kind === 'pool') return ownersOfPool(id);
    const found = inventory.devices.get(id);
    return found && [found.agent, ...(found.otherAgents ?? [])];
  };
}

/** Those that a resource of the pool names; without any, those of its site. Found once for an inventory. */
function poolOwnersIn(inventory: Listed): (pool: string) => readonly string[] | undefined {
  let made: Pick<Listed, 'pools' | 'agents'> | undefined;
  let owners: ReadonlyMap<string, readonly string[]> = new Map();
  return (pool) => {
    const { pools, agents } = inventory;
    if (made?.pools !== pools || made.agents !== agents) {
      made = { pools, agents };
      owners = ownersOfPools(made);
    }
    return owners.get(pool);
  };
}

function ownersOfPools({ pools, agents }: Pick<Listed, 'pools' | 'agents'>): ReadonlyMap<string, string[]> {
  const bySite = new Map<string, string[]>();
  for (const { id, site } of agents.values()) bySite.set(site, [...(bySite.get(site) ?? []), id]);
  const owners = new Map<string, string[]>();
  for (const pool of pools) {
    const own = pool.agents ?? bySite.get(pool.site) ?? [];
    owners.set(pool.id, [...new Set([...(owners.get(pool.id) ?? []), ...own])]);
  }
  return new Map([...owners].filter(([, own]) => own.length > 0));
}

/** As the inventory is when it is asked. */
export function listedIn(inventory: Devices): IsListed {
  return (device) => inventory.devices.size === 0 || inventory.devices.has(device);
}

/** Whether the owners or the listing of something differ between two inventories; undefined: of nothing. Pure. */
export function judgedDifferently(
  before: Listed,
  now: Listed,
): ((id: string, kind: OwnedKind) => boolean) | undefined {
  const [ownersBefore, ownersNow] = [ownersIn(before), ownersIn(now)];
  const differing = (kind: OwnedKind, ids: Iterable<string>): ReadonlySet<string> =>
    new Set([...ids].filter((id) => ownersBefore(id, kind)?.join() !== ownersNow(id, kind)?.join()));
  const touched = {
    device: differing('device', [...before.devices.keys(), ...now.devices.keys()]),
    pool: differing(
      'pool',
      [...before.pools, ...now.pools].map(({ id }) => id),
    ),
  };
  const allDevices = (before.devices.size === 0) !== (now.devices.size === 0);
  if (!allDevices && touched.device.size + touched.pool.size === 0) return undefined;
  return (id, kind) => (allDevices && kind === 'device') || touched[kind].has(id);
}
