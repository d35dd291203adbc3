import type { SuppressibleAlert } from '../suppression/suppression.ts';
import { headOf, isWithin, type Incident } from './incident.ts';
import { faceOf, type OpenIncidents } from './open-incidents.ts';
import type { Placing } from './placing.ts';

export interface IncidentHeadsDeps {
  readonly incidents: OpenIncidents;
  readonly placing: Pick<Placing, 'isBad' | 'stateOf'>;
  /** Somebody heard of the alert. */
  readonly wasTold: (alertId: string) => boolean;
  /** Somebody heard of it, or will, but for its root: no person and no route keeps it quiet. */
  readonly willBeTold: (alert: SuppressibleAlert) => boolean;
}

/** How often an incident whose head nobody hears of looks for another. */
const ASK_AGAIN_MS = 5_000;

/** Which alert stands for an incident, and whether the incident is over. */
export class IncidentHeads {
  readonly #deps: IncidentHeadsDeps;

  constructor(deps: IncidentHeadsDeps) {
    this.#deps = deps;
  }

  /** Of each incident that has changed, or waits for another head. */
  settleAll(nowMs: number): void {
    const { incidents } = this.#deps;
    for (const incident of incidents.all) {
      const isWaiting = incident.head === undefined || !incident.members.has(incident.head);
      if (isWaiting || incidents.isTouched(incident) || this.#isQuiet(incident, nowMs))
        this.#settle(incident, nowMs);
    }
    incidents.clearTouched();
  }

  /** Nobody hears of its head, nor will; where nobody hears of the others either, they are not asked all the time. */
  #isQuiet({ root, head, askedAtMs }: Incident, nowMs: number): boolean {
    if (root === undefined || head === undefined || isWithin(askedAtMs, ASK_AGAIN_MS, nowMs)) return false;
    return !this.#deps.willBeTold(head.facts);
  }

  #isWell({ root }: Incident): boolean {
    const { placing } = this.#deps;
    if (root === undefined) return true;
    return !placing.isBad(root) && placing.stateOf(root)?.state !== 'unknown';
  }

  #settle(incident: Incident, nowMs: number): void {
    const { incidents, placing } = this.#deps;
    if (incident.members.size === 0) {
      if (incident.root !== undefined && placing.isBad(incident.root)) return;
      incidents.record(incident, 'ended', 'all of it is over', nowMs);
      incidents.end(incident, { atMs: nowMs });
      return;
    }
    if (incident.closing !== undefined && this.#isWell(incident)) incident.closing = undefined;
    const before = incident.head;
    if (before !== undefined && !incident.members.has(before)) {
      incident.head = undefined;
      incident.headlessSinceMs = nowMs;
    }
    const head = headOf(incident, nowMs, ({ facts }) => this.#deps.willBeTold(facts));
    if (head === incident.head) {
      incident.askedAtMs = nowMs;
      return;
    }
    incident.head = head;
    if (head !== undefined) {
      incident.face = faceOf(head.facts, head.facts.id);
      const isOwn = head.place?.relation === 'root';
      const why = isOwn ? 'it is about the root itself' : 'no alert of the root itself is told';
      incidents.record(incident, 'head', incident.root === undefined ? 'the only one' : why, nowMs, head);
    }
    if (before !== undefined && before.place?.incident === incident)
      before.place = { ...before.place, wasTold: this.#deps.wasTold(before.facts.id) };
    incidents.touch(incident);
  }
}
