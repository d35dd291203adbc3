import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiHarness } from './api/testing/api-harness.ts';
import { indexInventory, listsOf } from './inventory/inventory.ts';

let harness: ApiHarness;
beforeEach(async () => {
  harness = await ApiHarness.open();
});
afterEach(async () => {
  expect(await harness.close()).toEqual([]);
});

const devices = () => harness.parts.alerts.active().flatMap(({ entity }) => entity['device'] ?? []);

it('a device that is taken out of the inventory, or retired, has its alerts withdrawn; its agent and the others stay', () => {
  const { managedInventory, inventory } = harness.parts;
  expect(devices()).toEqual(expect.arrayContaining(['node-0', 'node-1', 'node-2']));
  const lists = listsOf(inventory);
  const changed = lists.devices.flatMap((device) =>
    device.id === 'node-0' ? [] : [device.id === 'node-1' ? { ...device, retiredOn: '2020-01-01' } : device],
  );
  managedInventory.replace(indexInventory({ ...lists, devices: changed }), { actor: 'test' });
  expect(devices()).toEqual(['node-2']);
});
