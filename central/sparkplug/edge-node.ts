import type { BirthMetric } from './birth-certificates.ts';
import { agentIdOf } from '../../contract/sparkplug/identity.ts';
import { HeldValues } from './held-values.ts';
import type { Mapping, Target } from './mapping.ts';
import { RebirthRequests } from './rebirth-requests.ts';
import { NodeSession, type SessionLimits } from './session.ts';
import type { NodeName } from '../../contract/sparkplug/topic.ts';

/** As many as a node may have. */
const MAX_DEVICES = 5_000;
const DEVICE_BIRTH_TIMEOUT_MS = 30_000;

/** What central keeps of one edge node. */
export class EdgeNode {
  readonly name: NodeName;
  readonly agent: string;
  readonly session: NodeSession;
  readonly rebirth = new RebirthRequests();
  readonly held = new HeldValues();
  readonly expected = new ExpectedDevices();
  lostMessages = 0;
  /** Time of its last death, monotonic. */
  diedAtMs = -Infinity;
  /** A message arrived since central connected to the broker: the birth still holds. */
  isVerified = false;
  /** Arrival minus sending time of its last message: transit plus how far its clock is behind central's. */
  clockOffsetMs = 0;
  readonly #mapping: Mapping;
  /** Ids of the inventory that its samples are about. */
  readonly #places = new Set<string>();
  #targets = new WeakMap<BirthMetric, { readonly target: Target | undefined }>();

  constructor(name: NodeName, mapping: Mapping, limits: SessionLimits) {
    this.name = name;
    this.agent = agentIdOf(name);
    this.session = new NodeSession(limits);
    this.#mapping = mapping;
  }

  /** Cached per birth: a birth makes new metric objects. */
  targetOf(metric: BirthMetric): Target | undefined {
    let known = this.#targets.get(metric);
    if (known === undefined) {
      known = { target: this.#mapping.target(this.name, metric.device, metric.name) };
      this.#addPlace(known.target?.tags);
      this.#targets.set(metric, known);
    }
    return known.target;
  }

  deviceTags(device: string): Readonly<Record<string, string>> {
    const tags = this.#mapping.deviceTags(this.name, device);
    this.#addPlace(tags);
    return tags;
  }

  /** Whether the inventory was asked where one of these is. */
  isPlacedBy(ids: ReadonlySet<string>): boolean {
    return ids.has(this.agent) || [...this.#places].some((id) => ids.has(id));
  }

  /** What the inventory says of its devices has changed: its next birth finds it anew, and no value stands for where it was. */
  forgetPlaces(): void {
    this.#places.clear();
    this.#targets = new WeakMap();
    this.held.clear();
    this.rebirth.wantAnew();
  }

  #addPlace(tags: Readonly<Record<string, string>> | undefined): void {
    const id = tags?.['device'];
    if (id !== undefined) this.#places.add(id);
  }
}

/** After a node's rebirth each of its devices must be born again; one that is not has gone without a death certificate. */
class ExpectedDevices {
  /** Monotonic time until which a birth is awaited; Infinity: none is. */
  readonly #dueAtMs = new Map<string, number>();

  markBorn(device: string): void {
    if (this.#dueAtMs.has(device) || this.#dueAtMs.size < MAX_DEVICES) this.#dueAtMs.set(device, Infinity);
  }

  /** By its own death certificate. */
  markDead(device: string): void {
    this.#dueAtMs.delete(device);
  }

  expectBirths(nowMs: number): void {
    for (const device of this.#dueAtMs.keys()) this.#dueAtMs.set(device, nowMs + DEVICE_BIRTH_TIMEOUT_MS);
  }

  /** Each device once for a birth of the node. */
  takeOverdue(nowMs: number): readonly string[] {
    const devices = [...this.#dueAtMs].filter(([, dueAtMs]) => nowMs >= dueAtMs).map(([device]) => device);
    for (const device of devices) this.#dueAtMs.set(device, Infinity);
    return devices;
  }
}
