import type { Device, Unit } from '../../contract/inventory.ts';
import type { LatestCache } from '../live/latest-cache.ts';
import type { AgentPhase, AgentRegistry } from '../liveness/agent-registry.ts';
import type { Inventory } from '../inventory/inventory.ts';

/**
 * `down`: measured bad. `unreachable`: a parent is down or unreachable. `unknown`: its agent does not speak, we are
 * blind; that counts neither as up nor as down.
 */
export type DeviceState = 'up' | 'down' | 'unreachable' | 'unknown';

export interface DeviceView extends Device {
  readonly state: DeviceState;
  readonly reason: string;
}

export interface CityDeps {
  readonly inventory: Inventory;
  readonly registry: AgentRegistry;
  readonly latest: LatestCache;
}

export interface UnitView extends Unit {
  readonly sites: number;
  readonly agents: Readonly<Record<AgentPhase, number>>;
  readonly devices: Readonly<Record<DeviceState, number>>;
  readonly activeAlerts: number;
}

/** State of each device of the inventory, in the order of their ids. */
export function deviceViews(deps: CityDeps, nowMs: number): DeviceView[] {
  const measured = measuredUp(deps.latest);
  const known = new Map<string, { state: DeviceState; reason: string }>();
  const judge = (device: Device, depth: number): { state: DeviceState; reason: string } => {
    const cached = known.get(device.id);
    if (cached !== undefined) return cached;
    const verdict = judgeOne(device, depth);
    known.set(device.id, verdict);
    return verdict;
  };
  const judgeOne = (device: Device, depth: number): { state: DeviceState; reason: string } => {
    const parent = device.parent === undefined ? undefined : deps.inventory.devices.get(device.parent);
    // A loop of parents would be a mistake in the inventory; it must not hang the page.
    if (parent !== undefined && depth < 32) {
      const above = judge(parent, depth + 1);
      if (above.state === 'down') return { state: 'unreachable', reason: `${parent.id} is down` };
      if (above.state === 'unreachable') return { state: 'unreachable', reason: above.reason };
    }
    const phase = deps.registry.phaseOf(device.agent, nowMs);
    if (phase !== 'live')
      return { state: 'unknown', reason: `agent ${device.agent} is ${phase.replace('_', ' ')}` };
    if (measured.get(device.id) === false) return { state: 'down', reason: 'measured as down' };
    return { state: 'up', reason: 'its agent reports' };
  };
  return [...deps.inventory.devices.values()]
    .map((device) => ({ ...device, ...judge(device, 0) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

export function unitViews(
  deps: CityDeps & { readonly alerts: { countByUnit(): ReadonlyMap<string, number> } },
  nowMs: number,
): UnitView[] {
  const units = new Map(
    [...deps.inventory.units.values()].map((unit) => [
      unit.code,
      {
        ...unit,
        sites: 0,
        agents: { live: 0, silent: 0, stopped: 0, never_seen: 0 },
        devices: { up: 0, down: 0, unreachable: 0, unknown: 0 },
        activeAlerts: 0,
      },
    ]),
  );
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

/** What the agents measured of the devices they watch: measurement `device`, field `up`. */
function measuredUp(latest: LatestCache): Map<string, boolean> {
  const up = new Map<string, boolean>();
  for (const row of latest.rows('device', {}, Infinity)) {
    const device = row.tags['device'];
    const value = row.fields['up'];
    if (device !== undefined && typeof value === 'boolean') up.set(device, value);
  }
  return up;
}
