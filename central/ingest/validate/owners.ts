import type { Inventory } from '../../inventory/inventory.ts';

/** Which agents may speak of a device; undefined: it is not in the inventory. */
export type FindOwners = (device: string) => readonly string[] | undefined;

/** Whether a device is in the inventory. Where that lists no device at all, each is. */
export type IsListed = (device: string) => boolean;

/** Tags that say whose values a row has. */
export const OWNED_TAGS: readonly string[] = ['device', 'host'];

type Devices = Pick<Inventory, 'devices'>;

/** As the inventory is when it is asked. */
export function ownersIn(inventory: Devices): FindOwners {
  return (device) => {
    const found = inventory.devices.get(device);
    return found && [found.agent, ...(found.otherAgents ?? [])];
  };
}

/** As the inventory is when it is asked. */
export function listedIn(inventory: Devices): IsListed {
  return (device) => inventory.devices.size === 0 || inventory.devices.has(device);
}

/** Whether the owners or the listing of a device differ between two inventories; undefined: of none. Pure. */
export function judgedDifferently(before: Devices, now: Devices): ((device: string) => boolean) | undefined {
  if ((before.devices.size === 0) !== (now.devices.size === 0)) return () => true;
  const [ownersBefore, ownersNow] = [ownersIn(before), ownersIn(now)];
  const differing = new Set(
    [...before.devices.keys(), ...now.devices.keys()].filter(
      (device) => ownersBefore(device)?.join() !== ownersNow(device)?.join(),
    ),
  );
  return differing.size === 0 ? undefined : (device) => differing.has(device);
}
