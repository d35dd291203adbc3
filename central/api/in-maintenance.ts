import { z } from 'zod';
import { unixMs } from '../../runtime/unix-ms.ts';
import type { Places } from '../alerts/life/maintenance/coverage.ts';
import type { MaintenanceWindows } from '../alerts/life/maintenance/maintenance-windows.ts';

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

/** `places`: what it is and what it is in, by kind, such as `{ device, site, unit }`. */
export function maintenanceOf(
  { maintenance }: InMaintenanceDeps,
  places: Places,
  nowMs: number,
): z.infer<z.ZodObject<typeof inMaintenanceShape>> {
  const found = maintenance.isInMaintenance(places, nowMs);
  return found === undefined ? {} : { maintenance: { ...found } };
}
