import type { Clock } from '../../../runtime/clock.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { AuditLog } from '../../access/audit.ts';
import type { LiveInventory } from '../../inventory/live-inventory.ts';
import type { StateDatabase } from '../../state/database.ts';
import { InventoryPlaces } from '../suppression/inventory-places.ts';
import type { Suppressor } from '../suppression/suppression.ts';
import { AlertLife, type AlertLifeDeps } from './alert-life.ts';
import { MaintenanceWindows, type MaintenanceDeps } from './maintenance/maintenance-windows.ts';
import { shelvedSuppressor } from './shelved-suppressor.ts';
import { Silences } from './silences/silences.ts';

export interface LifeDeps {
  readonly alerts: AlertLifeDeps['alerts'];
  readonly inventory: LiveInventory;
  readonly blastRadius: MaintenanceDeps['blastRadius'];
  readonly timeZone: string;
  readonly database: StateDatabase;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
}

/** What people do with alerts. */
export interface Life {
  readonly alertLife: AlertLife;
  readonly silences: Silences;
  readonly maintenance: MaintenanceWindows;
  /** In the order in which they are asked. */
  readonly suppressors: readonly Suppressor[];
}

export function createLife(deps: LifeDeps): Life {
  const places = new InventoryPlaces(deps.inventory);
  const alertLife = new AlertLife(deps);
  const silences = new Silences({ ...deps, places });
  const maintenance = new MaintenanceWindows({ ...deps, places });
  const suppressors = [maintenance, shelvedSuppressor(alertLife.shelved), silences];
  return { alertLife, silences, maintenance, suppressors };
}
