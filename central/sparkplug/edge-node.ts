import type { BirthMetric } from './birth-certificates.ts';
import { agentIdOf } from '../../contract/sparkplug/identity.ts';
import { ExpectedDevices } from './expected-devices.ts';
import { HeldValues } from './held-values.ts';
import type { Mapping, Target } from './mapping.ts';
import { RebirthRequests } from './rebirth-requests.ts';
import { NodeSession, type SessionLimits } from './session.ts';
import type { NodeName } from '../../contract/sparkplug/topic.ts';

/** What central keeps of one edge node. */
export class EdgeNode {
  readonly name: NodeName;
  readonly agent: string;
  readonly session: NodeSession;
  readonly rebirth = new RebirthRequests();
  readonly held = new HeldValues();
  readonly expected = new ExpectedDevices();
  lostMessages = 0;
  /** Its last death, by the monotonic clock. */
  diedAtMs = -Infinity;
  /** Something was heard of it since the pipe is there: its birth still holds. */
  isVerified = false;
  /** Arrival − sending time of its last message: transit plus how far its clock is behind ours. */
  clockOffsetMs = 0;
  readonly #mapping: Mapping;
  readonly #targets = new WeakMap<BirthMetric, { readonly target: Target | undefined }>();

  constructor(name: NodeName, mapping: Mapping, limits: SessionLimits) {
    this.name = name;
    this.agent = agentIdOf(name);
    this.session = new NodeSession(limits);
    this.#mapping = mapping;
  }

  /** Looked up once a birth. */
  targetOf(metric: BirthMetric): Target | undefined {
    let known = this.#targets.get(metric);
    if (known === undefined) {
      known = { target: this.#mapping.target(this.name, metric.device, metric.name) };
      this.#targets.set(metric, known);
    }
    return known.target;
  }

  deviceTags(device: string): Readonly<Record<string, string>> {
    return this.#mapping.deviceTags(this.name, device);
  }
}
