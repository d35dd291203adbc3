import { z } from 'zod';
import { unitSchema } from '../../contract/inventory.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { AgentRegistry } from '../liveness/agent-registry.ts';
import { agentPhaseSchema } from '../liveness/agent-view.ts';
import { deviceStateSchema, deviceViews, type DeviceStateDeps } from './device-states.ts';

export const unitViewSchema = unitSchema.extend({
  sites: z.int(),
  agents: z.record(agentPhaseSchema, z.int()).describe('number of agents by phase'),
  devices: z.record(deviceStateSchema, z.int()).describe('number of devices by state'),
  activeAlerts: z.int(),
});
export type UnitView = z.infer<typeof unitViewSchema>;

export interface UnitSummaryDeps extends DeviceStateDeps {
  readonly inventory: Pick<Inventory, 'units' | 'sites' | 'devices'>;
  readonly registry: Pick<AgentRegistry, 'phaseOf' | 'list'>;
  readonly alerts: { countByUnit(): ReadonlyMap<string, number> };
}

/** What each ward, commune and special zone has, and how it is; in the order of their codes. */
export function unitViews(deps: UnitSummaryDeps, nowMs: number): UnitView[] {
  const units = new Map<string, UnitView>();
  for (const unit of deps.inventory.units.values()) {
    units.set(unit.code, {
      ...unit,
      sites: 0,
      agents: { live: 0, silent: 0, stopped: 0, never_seen: 0 },
      devices: { up: 0, down: 0, unreachable: 0, unknown: 0 },
      activeAlerts: 0,
    });
  }
  for (const site of deps.inventory.sites.values()) {
    const unit = units.get(site.unit);
    if (unit !== undefined) unit.sites++;
  }
  for (const agent of deps.registry.list(nowMs)) {
    const unit = agent.unit === undefined ? undefined : units.get(agent.unit);
    if (unit !== undefined) unit.agents[agent.phase]++;
  }
  for (const device of deviceViews(deps, nowMs)) {
    const unit = units.get(device.unit);
    if (unit !== undefined) unit.devices[device.state]++;
  }
  for (const [code, count] of deps.alerts.countByUnit()) {
    const unit = units.get(code);
    if (unit !== undefined) unit.activeAlerts = count;
  }
  return [...units.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}
