import type { Clock } from '../../../runtime/clock.ts';
import type { LiveInventory } from '../../inventory/live-inventory.ts';
import type { AgentRegistry } from '../../liveness/agent-registry.ts';
import type { LatestCache } from '../../live/latest-cache.ts';
import { isInService } from '../states/in-service.ts';
import { DeclaredWiring } from './declared-wiring.ts';
import { DeviceIndex } from './device-index.ts';
import { readEvidence, type Neighbour, type TopologyEvidence } from './evidence.ts';
import { wiredDevices } from './judge-wiring.ts';
import { measuredEdges } from './measured-edges.ts';
import { CONFIDENCES, type Proposal } from './proposal.ts';
import { proposeLinks } from './propose-links.ts';
import { proposeParents } from './propose-parents.ts';
import { stationEdges } from './station-edges.ts';
import { WiringWatch, type WiringStanding } from './wiring-watch.ts';

export interface TopologyDeps {
  readonly inventory: LiveInventory;
  readonly latest: Pick<LatestCache, 'page'>;
  readonly registry: Pick<AgentRegistry, 'clockCorrectionOf'>;
  readonly clock: Pick<Clock, 'now'>;
  /** The calendar day of the city, such as 2025-07-01. */
  readonly today: () => string;
}

const NO_EVIDENCE: TopologyEvidence = { identities: [], neighbours: [], stations: [] };
/** Tables are read every five minutes. */
const ROUND_MS = 60_000;

/**
 * The wiring as devices report it, beside that of the inventory: what should be added, and which declared links are not as
 * measured. Reads the evidence once a minute, in steps; proposals are made when somebody asks, once for each evidence and inventory.
 */
export class Topology {
  readonly #deps: TopologyDeps;
  readonly #wiring = new WiringWatch();
  #evidence = NO_EVIDENCE;
  #proposals: readonly Proposal[] | undefined;
  #reading: ReturnType<typeof readEvidence> | undefined;
  #startedAtMs = -Infinity;

  constructor(deps: TopologyDeps) {
    this.#deps = deps;
    deps.inventory.onChange((now, before) => {
      this.#proposals = undefined;
      const changed = [...before.links.keys()].filter((id) => now.links.get(id) !== before.links.get(id));
      this.#wiring.redeclare(changed, deps.clock.now());
    });
  }

  /** A step of reading the evidence; with the last one of a round each declared link is judged by it. Call it each second. */
  step(): void {
    const { latest, registry, clock } = this.#deps;
    const nowMs = clock.now();
    if (this.#reading === undefined) {
      if (Math.abs(nowMs - this.#startedAtMs) < ROUND_MS) return;
      const correctionOf = (agent: string): number => registry.clockCorrectionOf(agent);
      this.#reading = readEvidence({ latest, correctionOf }, nowMs);
      this.#startedAtMs = nowMs;
    }
    const { done, value } = this.#reading.next();
    if (done !== true) return;
    this.#reading = undefined;
    this.#judge(value, nowMs);
  }

  #judge(evidence: TopologyEvidence, nowMs: number): void {
    const { inventory, today } = this.#deps;
    this.#evidence = evidence;
    this.#proposals = undefined;
    const declared = new DeclaredWiring(inventory, today());
    const { devices } = inventory;
    const isDeclared = (device: string, other: string): boolean => {
      const [a, b] = [devices.get(device), devices.get(other)];
      if (a === undefined || b === undefined) return false;
      const isParent = a.parents?.includes(other) === true || b.parents?.includes(device) === true;
      return isParent || declared.has({ device, site: a.site }, { device: other, site: b.site });
    };
    const index = new DeviceIndex(devices, this.#evidence.identities);
    const links = [...inventory.links.values()].filter((link) => this.isDeclared(link.id));
    const seenBy = byDevice(this.#evidence.neighbours);
    this.#wiring.judge(links, { index, seenBy, isDeclared }, devices, nowMs);
  }

  /** The surest first; those of one confidence by kind and entry. */
  proposals(): readonly Proposal[] {
    this.#proposals ??= this.#propose();
    return this.#proposals;
  }

  /** Declared links of which it is known whether they are as measured, and those that were not and whose entries have changed since. */
  wiring(): Iterable<WiringStanding> {
    return this.#wiring.standings();
  }

  /** Whether a link is one that can be judged: in service, as are the devices that the inventory has at both its ends. */
  isDeclared(link: string): boolean {
    const { inventory, today } = this.#deps;
    const found = inventory.links.get(link);
    const day = today();
    if (found === undefined || !isInService(found, day)) return false;
    return wiredDevices(found)?.every((id) => this.#isMeant(id, day)) === true;
  }

  #isMeant(device: string, day: string): boolean {
    const found = this.#deps.inventory.devices.get(device);
    return found !== undefined && isInService(found, day);
  }

  #propose(): readonly Proposal[] {
    const { inventory, today } = this.#deps;
    const { devices } = inventory;
    const day = today();
    const index = new DeviceIndex(devices, this.#evidence.identities);
    const isMeant = (id: string): boolean => this.#isMeant(id, day);
    const { neighbours, stations } = this.#evidence;
    const told = measuredEdges(neighbours, index, isMeant);
    const edges = [...told, ...stationEdges(stations, told, isMeant)];
    const declared = new DeclaredWiring(inventory, day);
    const found = [
      ...proposeLinks(edges, inventory, declared),
      ...proposeParents(edges, inventory, declared),
    ];
    return found
      .map((proposal) => [orderOf(proposal), proposal] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, proposal]) => proposal);
  }
}

/** Orders proposals, and identifies each. */
export function orderOf({ confidence, kind, change, id }: Proposal): string {
  return `${CONFIDENCES.indexOf(confidence)} ${kind} ${change.kind} ${change.id} ${id}`;
}

function byDevice(neighbours: readonly Neighbour[]): ReadonlyMap<string, readonly Neighbour[]> {
  const found = new Map<string, Neighbour[]>();
  for (const neighbour of neighbours) {
    const known = found.get(neighbour.device);
    if (known === undefined) found.set(neighbour.device, [neighbour]);
    else known.push(neighbour);
  }
  return found;
}
