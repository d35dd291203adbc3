import type { Inventory } from '../../inventory/inventory.ts';

/** Which agents may speak of a device; undefined: it is not in the inventory. */
export type FindOwners = (device: string) => readonly string[] | undefined;

/** Whether a device is in the inventory. Where that lists no device at all, each is. */
export type IsListed = (device: string) => boolean;

/** Tags that say whose values a row has. */
export const OWNED_TAGS: readonly string[] = ['device', 'host'];

export function ownersIn({ devices }: Pick<Inventory, 'devices'>): FindOwners {
  const owners = new Map(
    [...devices.values()].map(({ id, agent, otherAgents = [] }) => [id, [agent, ...otherAgents]]),
  );
  return (device) => owners.get(device);
}

export function listedIn({ devices }: Pick<Inventory, 'devices'>): IsListed {
  return devices.size === 0 ? () => true : (device) => devices.has(device);
}
