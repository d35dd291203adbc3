import type { Clock } from '../../../runtime/clock.ts';
import type { CityCalendar } from '../city-calendar.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { UnexpectedDevices } from '../../live/unexpected-devices.ts';
import type { AgentRegistry } from '../../liveness/agent-registry.ts';
import type { AgentView } from '../../liveness/agent-view.ts';
import type { PresentState, PresentStates } from '../present-states.ts';
import type { DeviceSightings } from './device-sightings.ts';
import type { Finding } from './finding.ts';
import { proposeEntry } from './proposed-entry.ts';
import { reconcileAgent } from './reconcile-agents.ts';
import { reconcileDevice, type Moment } from './reconcile-devices.ts';

export interface ReconciliationDeps {
  readonly inventory: Pick<Inventory, 'agents' | 'devices'>;
  readonly registry: Pick<AgentRegistry, 'list' | 'locationOf'>;
  readonly states: Pick<PresentStates, 'momentOf'>;
  readonly sightings: Pick<DeviceSightings, 'of'>;
  readonly unexpectedDevices: Pick<UnexpectedDevices, 'list'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly calendar: CityCalendar;
  /** Central hears almost nobody. */
  readonly isDeaf: () => boolean;
}

/** How the city as it reports differs from the inventory, found out anew with each question. */
export class Reconciliation {
  readonly #deps: ReconciliationDeps;
  #listeningSinceMs: number;

  constructor(deps: ReconciliationDeps) {
    this.#deps = deps;
    this.#listeningSinceMs = deps.clock.now();
  }

  /** Central heard nothing until now, for no fault of others. */
  recordGap(): void {
    this.#listeningSinceMs = this.#deps.clock.now();
  }

  /** Since when central hears without a gap, Unix time, ms. */
  get listeningSinceMs(): number {
    return this.#listeningSinceMs;
  }

  /** In the order of kind, agents before devices, and id. */
  findings(): Finding[] {
    const { inventory, registry, clock } = this.#deps;
    const moment = this.#moment(clock.now());
    const agents = new Map(registry.list(moment.nowMs).map((view) => [view.id, view]));
    // Where the inventory lists no agent at all, none is unexpected.
    const isListed = inventory.agents.size > 0;
    const found: (Finding | undefined)[] = [...agents.values()].map((view) =>
      isListed
        ? reconcileAgent(view, inventory.agents.get(view.id), this.#siteState(view), moment)
        : undefined,
    );
    for (const device of inventory.devices.values()) {
      const sighting = this.#deps.sightings.of(device.id);
      const view = agents.get(device.agent);
      // An agent that was retired by hand is not missed, nor is what it measured.
      if (sighting === undefined || view === undefined) continue;
      const state = this.#deps.states.momentOf(`device:${device.id}`);
      found.push(reconcileDevice(device, { sighting, state, agent: view }, moment));
    }
    found.push(...this.#unexpected());
    return found.filter((finding) => finding !== undefined).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  #siteState({ site }: AgentView): PresentState['state'] | undefined {
    return site === undefined ? undefined : this.#deps.states.momentOf(`site:${site}`)?.state;
  }

  #unexpected(): Finding[] {
    const { inventory, registry, unexpectedDevices } = this.#deps;
    return unexpectedDevices.list().map((device) => ({
      ...{ kind: 'unexpected', what: 'device', id: device.device, agents: [...device.agents] },
      ...registry.locationOf(device.agents[0] ?? ''),
      sinceMs: device.firstSeenAtMs,
      detail: `it is measured (${device.measurements.join(', ')}), and the inventory lacks it`,
      proposal: proposeEntry(device, inventory),
    }));
  }

  #moment(nowMs: number): Moment {
    const { calendar, isDeaf } = this.#deps;
    return {
      nowMs,
      day: calendar.dayOf(nowMs),
      startOf: (day) => calendar.startOf(day),
      listeningSinceMs: this.#listeningSinceMs,
      isDeaf: isDeaf(),
    };
  }
}

/** Identifies a finding, and orders them. */
export function keyOf({ kind, what, id }: Finding): string {
  return `${kind} ${what} ${id}`;
}
