import { z } from 'zod';
import { unixMs } from '../../runtime/unix-ms.ts';
import type { MaintenanceWindows } from '../alerts/life/maintenance/maintenance-windows.ts';
import type { AlertPlace } from '../alerts/suppression/alert-place.ts';

export interface InMaintenanceDeps {
  readonly maintenance: Pick<MaintenanceWindows, 'isInMaintenance'>;
}

/** What entries of the inventory have besides their state. */
export const inMaintenanceShape = {
  maintenance: z
    .object({ id: z.string().describe('of the maintenance window'), untilMs: unixMs })
    .exactOptional()
    .describe('a maintenance window covers it now; its state is what is measured all the same'),
};

/** `place`: what it is and what it is in, by kind, such as `{ device, site, unit }`. */
export function withMaintenance<View extends object>(
  { maintenance }: InMaintenanceDeps,
  view: View,
  place: AlertPlace,
  nowMs: number,
): View & z.infer<z.ZodObject<typeof inMaintenanceShape>> {
  const found = maintenance.isInMaintenance(place, nowMs);
  return found === undefined ? view : { ...view, maintenance: { ...found } };
}
