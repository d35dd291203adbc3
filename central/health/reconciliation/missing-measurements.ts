import type { Device } from '../../../contract/inventory.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { AgentRegistry } from '../../liveness/agent-registry.ts';
import type { CityCalendar } from '../city-calendar.ts';
import { isInService } from '../states/in-service.ts';
import type { DeviceSightings } from './device-sightings.ts';

/** How long a measurement that the inventory expects of a device has not been seen. */
export interface MeasurementAbsence {
  readonly device: Device;
  readonly measurement: string;
  /** Time without it in which its agent talked, in intervals: its own or its agent's, whichever is longer. */
  readonly missedIntervals: number;
  /** When it was last seen, or from when on it could have been; Unix time, ms. */
  readonly sinceMs: number;
  /** False: not seen since its agent talks and central listens, so what was known before still holds. */
  readonly isNews: boolean;
}

export interface MissingMeasurementsDeps {
  readonly inventory: Pick<Inventory, 'devices'>;
  readonly registry: Pick<AgentRegistry, 'phaseOf' | 'intervalOf'>;
  readonly sightings: Pick<DeviceSightings, 'of'>;
  readonly calendar: CityCalendar;
  /** Since when central hears without a gap. */
  readonly listeningSinceMs: () => number;
  readonly isDeaf: () => boolean;
}

/** A look at each device; the shortest of the usual intervals of a device. */
const LOOK_MS = 10_000;

/** What the inventory expects of devices by interval, and does not arrive though the agent of the device talks. */
export class MissingMeasurements {
  readonly #deps: MissingMeasurementsDeps;
  readonly #liveSinceMs = new Map<string, number>();
  #lookedAtMs = -Infinity;

  constructor(deps: MissingMeasurementsDeps) {
    this.#deps = deps;
  }

  /** Of all that is expected of devices whose agent talks; undefined: it is not time to look, or central hears almost nobody. */
  absencesAt(nowMs: number): Iterable<MeasurementAbsence> | undefined {
    const passedMs = nowMs - this.#lookedAtMs;
    if (passedMs < 0 || passedMs >= LOOK_MS) {
      this.#lookedAtMs = nowMs;
      this.#followAgents(nowMs);
    } else if (passedMs > 0) return undefined;
    return this.#deps.isDeaf() ? undefined : this.#absences(nowMs);
  }

  /** Whether the inventory expects it by interval, of a device that is in service. */
  isExpected(device: string, measurement: string, nowMs: number): boolean {
    const { inventory, calendar } = this.#deps;
    const found = inventory.devices.get(device);
    if (found === undefined || !isInService(found, calendar.dayOf(nowMs))) return false;
    return found.expects?.some((each) => each.measurement === measurement) === true;
  }

  *#absences(nowMs: number): Iterable<MeasurementAbsence> {
    const { inventory, registry, sightings, calendar, listeningSinceMs } = this.#deps;
    const day = calendar.dayOf(nowMs);
    const listeningMs = listeningSinceMs();
    for (const device of inventory.devices.values()) {
      const { expects, agent, installedOn } = device;
      const liveSinceMs = expects === undefined ? undefined : this.#liveSinceMs.get(agent);
      if (expects === undefined || liveSinceMs === undefined || !isInService(device, day)) continue;
      const sighting = sightings.of(device.id);
      // What was never seen at all is a difference of its own.
      if (sighting?.seenDay === undefined) continue;
      const installedAtMs = installedOn === undefined ? -Infinity : calendar.startOf(installedOn);
      const beginMs = Math.max(listeningMs, liveSinceMs, sighting.listedAtMs, installedAtMs);
      const agentIntervalMs = registry.intervalOf(agent);
      for (const { measurement, intervalMs } of expects) {
        const lastAtMs = sighting.lastOf(measurement) ?? -Infinity;
        const sinceMs = Math.max(lastAtMs, beginMs);
        const missedIntervals = Math.max(0, nowMs - sinceMs) / Math.max(intervalMs, agentIntervalMs);
        yield { device, measurement, missedIntervals, sinceMs, isNews: lastAtMs >= beginMs };
      }
    }
  }

  /** What an agent measures comes some time after it is back. */
  #followAgents(nowMs: number): void {
    const { inventory, registry } = this.#deps;
    const live = new Set<string>();
    for (const { agent, expects } of inventory.devices.values()) {
      if (expects === undefined || live.has(agent)) continue;
      if (registry.phaseOf(agent, nowMs) === 'live') live.add(agent);
    }
    for (const agent of this.#liveSinceMs.keys()) if (!live.has(agent)) this.#liveSinceMs.delete(agent);
    for (const agent of live) if (!this.#liveSinceMs.has(agent)) this.#liveSinceMs.set(agent, nowMs);
  }
}
