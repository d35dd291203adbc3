import { z } from 'zod';
import { deviceSchema, type Device } from '../../contract/inventory.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { LatestCache } from '../live/latest-cache.ts';
import type { AgentRegistry } from '../liveness/agent-registry.ts';

/**
 * `down`: measured as down. `unreachable`: all parents are down or unreachable. `unknown`: its agent does not report, or never
 * reported anything of it, so that nothing is known; counts neither as up nor as down.
 */
export const deviceStateSchema = z.enum(['up', 'down', 'unreachable', 'unknown']);
export type DeviceState = z.infer<typeof deviceStateSchema>;

export const deviceViewSchema = deviceSchema.extend({
  state: deviceStateSchema,
  reason: z.string(),
});
export type DeviceView = z.infer<typeof deviceViewSchema>;

type Finding = Pick<DeviceView, 'state' | 'reason'>;

export interface DeviceStateDeps {
  readonly inventory: Pick<Inventory, 'devices'>;
  readonly registry: Pick<AgentRegistry, 'phaseOf'>;
  readonly latest: Pick<LatestCache, 'rows' | 'isMeasured'>;
}

/** A loop of parents is a mistake in the inventory; it must not end in a loop here. */
const MAX_DEPTH = 32;

/** State of each device of the inventory, in the order of their ids. */
export function deviceViews(deps: DeviceStateDeps, nowMs: number): DeviceView[] {
  const { devices } = deps.inventory;
  const measured = measuredUp(deps.latest);
  const found = new Map<string, Finding>();

  const stateOf = (device: Device, depth: number): Finding => {
    const known = found.get(device.id);
    if (known !== undefined) return known;
    const finding = stateByParent(device, depth) ?? ownState(device);
    found.set(device.id, finding);
    return finding;
  };
  const stateByParent = (device: Device, depth: number): Finding | undefined => {
    if (device.parents === undefined || depth >= MAX_DEPTH) return undefined;
    let cut: Finding | undefined;
    for (const id of device.parents) {
      const parent = devices.get(id);
      if (parent === undefined) return undefined;
      const above = stateOf(parent, depth + 1);
      if (above.state !== 'down' && above.state !== 'unreachable') return undefined;
      cut ??= above.state === 'down' ? { state: 'unreachable', reason: `${id} is down` } : above;
    }
    return cut;
  };
  const ownState = (device: Device): Finding => {
    const phase = deps.registry.phaseOf(device.agent, nowMs);
    if (phase !== 'live')
      return { state: 'unknown', reason: `agent ${device.agent} is ${phase.replace('_', ' ')}` };
    if (measured.get(device.id) === false) return { state: 'down', reason: 'measured as down' };
    if (!isMeasured(device, deps.latest))
      return { state: 'unknown', reason: 'nothing of it has arrived since central started' };
    return { state: 'up', reason: 'its agent reports' };
  };

  return [...devices.values()]
    .map((device) => ({ ...device, ...stateOf(device, 0) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** A server is measured by the agent on it, which has its name. */
function isMeasured({ id, agent }: Device, latest: Pick<LatestCache, 'isMeasured'>): boolean {
  return latest.isMeasured('device', id) || (id === agent && latest.isMeasured('agent', id));
}

/** What the agents measured of the devices they watch: measurement `device`, field `up`. */
function measuredUp(latest: Pick<LatestCache, 'rows'>): Map<string, boolean> {
  const up = new Map<string, boolean>();
  for (const row of latest.rows('device', {}, Infinity)) {
    const device = row.tags['device'];
    const value = row.fields['up'];
    if (device !== undefined && typeof value === 'boolean') up.set(device, value);
  }
  return up;
}
