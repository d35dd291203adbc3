import { z } from 'zod';
import { proposeEntry } from '../../health/reconciliation/proposed-entry.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { ManagedInventory } from '../../inventory/managed-inventory.ts';
import type { UnexpectedDevices } from '../../live/unexpected-devices.ts';
import type { App } from '../fastify-app.ts';
import { refused, withInventoryErrors } from '../inventory-errors.ts';
import { ApiError } from '../problem.ts';
import { authorOf, INVENTORY_PROBLEMS, storedEntry } from './inventory.ts';

export interface AdoptDeviceRouteDeps {
  readonly inventory: Pick<Inventory, 'agents'>;
  readonly managedInventory: Pick<ManagedInventory, 'put'>;
  readonly unexpectedDevices: Pick<UnexpectedDevices, 'list'>;
}

export function adoptDeviceRoute(app: App, deps: AdoptDeviceRouteDeps, assertMayWrite: () => void): void {
  app.post(
    '/devices/unexpected/:device/adopt',
    {
      config: { role: 'engineer', problems: ['DEVICE_NOT_FOUND', ...INVENTORY_PROBLEMS] },
      schema: {
        tags: ['Inventory'],
        summary:
          'Put a device that reports into the inventory, as /reconciliation proposes it; 429 as for PUT of an entry',
        params: z.object({ device: z.string().describe('its name, percent-encoded') }),
        response: { 200: storedEntry },
      },
    },
    (request) => {
      const { device: name } = request.params;
      const device = deps.unexpectedDevices.list().find((each) => each.device === name);
      if (device === undefined)
        throw new ApiError('DEVICE_NOT_FOUND', 'no such device reports that the inventory lacks');
      const proposal = proposeEntry(device, deps.inventory);
      if ('problem' in proposal) throw refused([proposal.problem]);
      const { entry } = proposal;
      assertMayWrite();
      const author = { ...authorOf(request), expectedRevision: 0 };
      const stored = withInventoryErrors(() => deps.managedInventory.put('devices', entry.id, entry, author));
      return { ...stored, entry: { ...stored.entry } };
    },
  );
}
