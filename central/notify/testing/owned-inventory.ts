import { emptyInventoryFile } from '../../../contract/inventory.ts';
import { indexInventory, type Inventory } from '../../inventory/inventory.ts';

/** An inventory with these devices, each with the agency that owns it, and these services with what they need. */
export function ownedInventory(
  agencyOfDevice: Readonly<Record<string, string | undefined>>,
  needs: Readonly<Record<string, readonly string[]>> = {},
): Inventory {
  return indexInventory({
    ...emptyInventoryFile(),
    devices: Object.entries(agencyOfDevice).map(([id, agency]) => ({
      ...{ id, kind: 'node', site: 'hub-04', unit: '25909', agent: 'gw-1' },
      ...(agency !== undefined && { agency }),
    })),
    services: Object.entries(needs).map(([id, of]) => ({ id, name: id, needs: [...of] })),
  });
}
