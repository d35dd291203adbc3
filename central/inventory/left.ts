import type { Inventory } from './inventory.ts';

type Devices = Pick<Inventory, 'devices'>;

/** Whether the device is listed, and not retired on the day, `YYYY-MM-DD`. Where no device is listed at all, each is. */
export function isInService({ devices }: Devices, device: string, day: string): boolean {
  const found = devices.get(device);
  return found === undefined ? devices.size === 0 : !isRetired(found.retiredOn, day);
}

/** Devices that were taken out of the inventory, or whose retirement was brought forward to the day or before. Pure. */
export function leftBetween(before: Devices, now: Devices, day: string): ReadonlySet<string> {
  const left = new Set<string>();
  for (const [id, { retiredOn }] of before.devices) {
    const is = now.devices.get(id);
    if (is === undefined || (isRetired(is.retiredOn, day) && !isRetired(retiredOn, day))) left.add(id);
  }
  return left;
}

function isRetired(retiredOn: string | undefined, day: string): boolean {
  return retiredOn !== undefined && retiredOn <= day;
}
