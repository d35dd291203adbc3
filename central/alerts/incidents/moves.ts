import type { Places } from '../suppression/subjects.ts';
import type { Incident, Membership, OpenAlert } from './incident.ts';
import { isOver } from './staying.ts';
import type { OpenIncidents } from './open-incidents.ts';
import type { PastPlace } from './past-failure.ts';
import type { Place } from './placing.ts';
import type { PowerOutages } from './power.ts';

export interface MovesDeps {
  readonly incidents: OpenIncidents;
  readonly power: PowerOutages;
  readonly places: Pick<Places, 'devicesAt'>;
  /** Somebody heard of the alert. */
  readonly wasTold: (alertId: string) => boolean;
  /** Its place may be another one now. */
  readonly lookAgain: (alert: OpenAlert) => void;
  /** Its root has turned out to be part of another one. */
  readonly move: (alert: OpenAlert) => void;
}

const ALONE = { relation: 'alone', kind: 'parent', isShared: false } as const;

/** How alerts come into incidents and leave them, each with its line in the timeline. */
export class Moves {
  readonly #deps: MovesDeps;

  constructor(deps: MovesDeps) {
    this.#deps = deps;
  }

  /** Where it belongs, which begins an incident if there is none. */
  enter(
    alert: OpenAlert,
    { root, relation, kind, isShared, isNewStep = false, reason }: Place,
    nowMs: number,
  ): void {
    const { incidents } = this.#deps;
    const { place } = alert;
    const known = incidents.byRoot.get(root);
    // What is left of a former outage stays with that: a new one is an incident of its own.
    const goesOn = known !== undefined && !isOver(known, nowMs);
    const incident = goesOn ? known : this.#begin(root, alert, nowMs);
    if (place?.incident === incident) {
      place.causeLostAtMs = undefined;
      delete place.recoveringAtMs;
      place.isShared = isShared;
      // What said so of the root stands for it, also once nobody can say how it is itself.
      const as = place.relation === 'root' && relation === 'behind' ? 'root' : relation;
      if (place.relation === as && place.kind === kind) return;
      place.relation = as;
      place.kind = kind;
      incidents.record(incident, 'joined', reason, nowMs, alert);
      incidents.touch(incident);
      return;
    }
    if (place !== undefined) this.leave(alert, `it belongs to ${incident.id}: ${reason}`, nowMs, incident);
    const told = isNewStep ? { wasTold: false } : {};
    this.#join(alert, incident, { relation, kind, isShared, reason }, nowMs, told);
  }

  /** Nothing behind it is known. */
  enterAlone(alert: OpenAlert, nowMs: number): void {
    const incident = this.#deps.incidents.begin(undefined, alert, nowMs);
    this.#join(alert, incident, { ...ALONE, reason: 'nothing behind it is known' }, nowMs);
  }

  /** What it is about was cut off because of a root that is well again, and has not come back yet. */
  enterReturning(alert: OpenAlert, incident: Incident, nowMs: number): void {
    const as = { relation: 'behind', kind: 'parent', isShared: false } as const;
    const reason = 'the way to it is back, and it has some minutes to come back, too';
    this.#join(alert, incident, { ...as, reason }, nowMs, { causeLostAtMs: nowMs });
  }

  /** It looks back, and what it tells of is over. */
  enterPast(alert: OpenAlert, { incident: known, root, isNews }: PastPlace, nowMs: number): void {
    const incident = known ?? this.#begin(root, alert, nowMs);
    const reason = 'it tells of the time in which this was down';
    this.#join(alert, incident, { relation: 'impact', kind: 'parent', isShared: false, reason }, nowMs, {
      causeLostAtMs: nowMs,
      isEcho: true,
      ...(isNews && { wasTold: true }),
    });
  }

  /** The new cut is an incident of its own, also where the battery was not charged in between. */
  leaveFormerCut(alert: OpenAlert, nowMs: number): void {
    const { incidents } = this.#deps;
    const incident = alert.place?.incident;
    this.leave(alert, 'its supply is cut once more', nowMs);
    if (incident === undefined || incident.members.size > 0) return;
    incidents.record(incident, 'ended', 'all of it is over', nowMs);
    incidents.end(incident, { atMs: nowMs });
  }

  leave(alert: OpenAlert, reason: string, nowMs: number, to?: Incident): void {
    const { incidents } = this.#deps;
    const { incident, relation } = alert.place ?? {};
    alert.place = undefined;
    if (incident === undefined) return;
    incident.members.delete(alert);
    if (relation === 'root') this.#moveAll(incident);
    incidents.record(incident, 'left', reason, nowMs, alert);
    incidents.touch(incident);
    if (incident.members.size === 0 && to !== undefined) {
      incidents.record(incident, 'merged', `it is part of ${to.id}`, nowMs);
      incidents.end(incident, { atMs: nowMs, mergedInto: to.id });
    }
  }

  #begin(root: string, first: OpenAlert, nowMs: number): Incident {
    const { incidents, power, places, lookAgain } = this.#deps;
    const incident = incidents.begin(root, first, nowMs);
    // They stand for what has failed because of them from now on.
    for (const outage of power.at(root)) lookAgain(outage);
    if (root.startsWith('site:'))
      for (const device of places.devicesAt(root.slice('site:'.length)))
        this.#moveAll(incidents.byRoot.get(`device:${device}`));
    return incident;
  }

  #join(
    alert: OpenAlert,
    incident: Incident,
    {
      relation,
      kind,
      isShared,
      reason,
    }: Pick<Membership, 'relation' | 'kind' | 'isShared'> & { readonly reason: string },
    nowMs: number,
    more: Partial<Pick<Membership, 'causeLostAtMs' | 'isEcho' | 'wasTold'>> = {},
  ): void {
    const { incidents } = this.#deps;
    const wasTold = relation !== 'alone' && this.#deps.wasTold(alert.facts.id);
    alert.place = { incident, relation, kind, isShared, wasTold, causeLostAtMs: undefined, ...more };
    incident.members.add(alert);
    incident.alertCount++;
    incidents.raise(incident, alert.facts.severity);
    incidents.record(incident, 'joined', reason, nowMs, alert);
    incidents.touch(incident);
  }

  #moveAll(incident: Incident | undefined): void {
    for (const member of incident?.members ?? []) this.#deps.move(member);
  }
}
