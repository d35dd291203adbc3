import type { SuppressibleAlert } from '../suppression/suppression.ts';
import { severityRank } from '../rules/severity.ts';
import { headOf, isWithin, type Followed, type Incident, type OpenAlert } from './incident.ts';
import { faceOf, type OpenIncidents } from './open-incidents.ts';
import type { Placing } from './placing.ts';
import { RETURN_MS } from './staying.ts';

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
      incident.followed = this.#followed(incident, before, nowMs);
    }
    this.#noteFollowed(incident, nowMs);
    this.#noteGraver(incident);
    const head = headOf(incident, nowMs, ({ facts }) => this.#deps.willBeTold(facts));
    if (head === incident.head) {
      incident.askedAtMs = nowMs;
      return;
    }
    incident.head = head;
    if (head !== undefined) {
      incident.followed = undefined;
      incident.face = faceOf(head.facts, head.facts.id);
      const isOwn = head.place?.relation === 'root';
      const why = isOwn ? 'it is about the root itself' : 'no alert of the root itself is told';
      incidents.record(incident, 'head', incident.root === undefined ? 'the only one' : why, nowMs, head);
    }
    if (before !== undefined && before.place?.incident === incident)
      before.place = { ...before.place, wasTold: this.#deps.wasTold(before.facts.id) };
    incidents.touch(incident);
  }

  /** undefined: nobody heard of it, a person closed it, or it has gone to another incident. */
  #followed(incident: Incident, { facts, place }: OpenAlert, nowMs: number): Followed | undefined {
    const { root, closing } = incident;
    if (root === undefined || closing !== undefined || place?.incident !== incident) return undefined;
    return place.relation === 'root' && this.#deps.wasTold(facts.id)
      ? { severity: facts.severity, atMs: nowMs, isOver: false }
      : undefined;
  }

  #noteFollowed(incident: Incident, nowMs: number): void {
    const { followed } = incident;
    if (followed === undefined) return;
    if (!this.#isWell(incident)) incident.followed = undefined;
    else followed.isOver ||= !isWithin(followed.atMs, RETURN_MS, nowMs);
  }

  /** What was told because it is graver than the head stands for others of its severity. */
  #noteGraver({ head, members }: Incident): void {
    if (head === undefined) return;
    for (const { facts, place } of members) {
      // What was told of an echo was of another outage: it is graver only because the head has got milder on its way to its end.
      if (place === undefined || place.wasTold || place.isEcho === true) continue;
      if (severityRank(facts.severity) > severityRank(head.facts.severity))
        place.wasTold = this.#deps.wasTold(facts.id);
    }
  }
}
