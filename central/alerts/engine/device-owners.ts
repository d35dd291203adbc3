import type { SampleBatch } from '../../samples/sample-table.ts';
import type { WatchedDevice } from './watched-device.ts';

/** So long after its last row of a measurement, the owner of a device no longer speaks for it. */
const SPEAKS_FOR_MS = 180_000;
/** The inventory is looked at anew this often. */
const REFRESH_MS = 60_000;
/** After a start the owner has so long to speak. */
const WARM_UP_MS = 60_000;

/**
 * Whose word counts where several agents watch one device: that of its owner in the inventory, as long as the owner sends
 * the same measurement of it. Costs nothing for agents that share no device.
 */
export class DeviceOwners {
  readonly #devices: () => ReadonlyMap<string, WatchedDevice>;
  /** The devices that each agent owns and others watch, too, with when it last sent each measurement of them. */
  #shared = new Map<string, Map<string, Map<string, number>>>();
  #refreshAtMs = -Infinity;
  readonly #startedAtMs: number;

  constructor(devices: () => ReadonlyMap<string, WatchedDevice>, nowMs: number) {
    this.#devices = devices;
    this.#startedAtMs = nowMs;
  }

  observe(batch: SampleBatch, receivedAtMs: number): void {
    if (Math.abs(receivedAtMs - this.#refreshAtMs) >= REFRESH_MS) this.#refresh(receivedAtMs);
    const owned = this.#shared.get(batch.agent);
    if (owned === undefined) return;
    for (const { measurement, tags, rows } of batch.tables) {
      const deviceAt = tags.indexOf('device');
      if (deviceAt < 0) continue;
      for (const { series } of rows) owned.get(series.tags[deviceAt] ?? '')?.set(measurement, receivedAtMs);
    }
  }

  /** Whether what the agent says of the device does not count, because the owner says something. */
  isOverruled(agent: string, device: string, measurement: string, nowMs: number): boolean {
    const owner = this.#devices().get(device)?.agent;
    if (owner === undefined || owner === agent) return false;
    const spoke = this.#shared.get(owner)?.get(device);
    if (spoke === undefined) return false;
    const spokeAtMs = spoke.get(measurement);
    return spokeAtMs === undefined
      ? nowMs - this.#startedAtMs < WARM_UP_MS
      : nowMs - spokeAtMs <= SPEAKS_FOR_MS;
  }

  #refresh(nowMs: number): void {
    this.#refreshAtMs = nowMs;
    const before = this.#shared;
    this.#shared = new Map();
    for (const [device, { agent, otherAgents }] of this.#devices()) {
      if (agent === undefined || otherAgents === undefined) continue;
      let owned = this.#shared.get(agent);
      if (owned === undefined) this.#shared.set(agent, (owned = new Map<string, Map<string, number>>()));
      owned.set(device, before.get(agent)?.get(device) ?? new Map<string, number>());
    }
  }
}
