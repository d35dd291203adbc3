import { createHash } from 'node:crypto';
import { CENTRAL_AGENT } from '../../../contract/topics.ts';
import { severityRank, type Severity } from '../rules/severity.ts';
import type { SuppressibleAlert } from '../suppression/suppression.ts';
import type { CauseView } from './cause.ts';
import type { Closing } from './closing.ts';
import {
  headOf,
  isWithin,
  type Face,
  type Followed,
  type Incident,
  type Membership,
  type OpenAlert,
} from './incident.ts';
import type { IncidentStep } from './incident-step.ts';
import { PARENT_WINDOW_MS } from './incident-view.ts';
import { PowerOutages } from './power.ts';
import { Placing, type Place } from './placing.ts';
import { SharedCauses, type SharedCausesDeps } from './shared-causes.ts';
import { RETURN_MS, staysBehind } from './staying.ts';
import { subjectsOf } from '../suppression/subjects.ts';
import { ANY, WatchedRefs } from './watched-refs.ts';

export interface BookDeps extends Pick<SharedCausesDeps, 'aspectOf' | 'isShared'> {
  readonly view: CauseView;
  /** Rules about silence. */
  readonly isAbsence: (rule: string) => boolean;
  /** Rules that say that something is down, cut or silent. */
  readonly saysDown: (rule: string) => boolean;
  /** Somebody heard of the alert. */
  readonly wasTold: (alertId: string) => boolean;
  /** Of an alert that a person closed. */
  readonly closingOf: (alertId: string) => Closing | undefined;
  /** Somebody heard of it, or will, but for its root: no person and no route keeps it quiet. */
  readonly willBeTold: (alert: SuppressibleAlert) => boolean;
}

/** How often an incident whose head nobody hears of looks for another. */
const ASK_AGAIN_MS = 5_000;

/** What has to be written. */
export interface BookChanges {
  /** As they are now; those that are over among them. */
  readonly incidents: ReadonlyMap<Incident, Ending | undefined>;
  readonly steps: readonly IncidentStep[];
}

export interface Ending {
  readonly atMs: number;
  readonly mergedInto?: string;
}

/**
 * Which alerts that are open belong together, and why. No I/O: what changes is to be taken and written. `review` goes by the states as
 * they are at that moment.
 */
export class IncidentBook {
  readonly #deps: BookDeps;
  readonly #power: PowerOutages;
  readonly #shared: SharedCauses;
  readonly #placing: Placing;
  readonly #alerts = new Map<string, OpenAlert>();
  /** Open ones. */
  readonly #incidents = new Set<Incident>();
  readonly #byRoot = new Map<string, Incident>();
  /** Alerts whose place may change though no state does: new ones, and those that wait for a time. */
  readonly #unsettled = new Set<OpenAlert>();
  /** A site has lost its power. */
  #isPowerNew = false;
  readonly #watched: WatchedRefs;
  readonly #touched = new Set<Incident>();
  #changed = new Map<Incident, Ending | undefined>();
  #steps: IncidentStep[] = [];

  constructor(deps: BookDeps) {
    this.#deps = deps;
    this.#watched = new WatchedRefs(deps.view.places);
    this.#power = new PowerOutages(deps.view, deps.isAbsence);
    this.#shared = new SharedCauses({ ...deps, places: deps.view.places });
    this.#placing = new Placing({ ...deps, power: this.#power, shared: this.#shared, byRoot: this.#byRoot });
  }

  get alerts(): ReadonlyMap<string, OpenAlert> {
    return this.#alerts;
  }

  get incidents(): ReadonlySet<Incident> {
    return this.#incidents;
  }

  /** An alert fired, or was open when central started. */
  open(facts: SuppressibleAlert, nowMs: number): OpenAlert {
    const known = this.#alerts.get(facts.id);
    if (known !== undefined) return known;
    const alert: OpenAlert = { facts, seenAtMs: nowMs, isRecovering: false, place: undefined };
    this.#alerts.set(facts.id, alert);
    this.#watched.add(alert);
    this.#power.add(alert);
    this.#isPowerNew ||= this.#power.outageOf(alert) !== undefined;
    this.#unsettled.add(alert);
    for (const other of this.#shared.add(alert)) this.#unsettled.add(other);
    return alert;
  }

  /** Its severity, place or phase is another one; `isRecovering` undefined: not its phase. */
  update(facts: SuppressibleAlert, isRecovering: boolean | undefined): void {
    const alert = this.#alerts.get(facts.id);
    if (alert === undefined) return;
    this.#power.remove(alert);
    alert.facts = facts;
    this.#watched.add(alert);
    alert.isRecovering = isRecovering ?? alert.isRecovering;
    this.#power.add(alert);
    this.#unsettled.add(alert);
    for (const other of this.#shared.add(alert)) this.#unsettled.add(other);
    const incident = alert.place?.incident;
    if (incident === undefined) return;
    this.#raise(incident, facts.severity);
    // What was told meanwhile may stand for it now.
    this.#touched.add(incident);
  }

  /** It is over. */
  close(id: string): void {
    const alert = this.#alerts.get(id);
    if (alert === undefined) return;
    this.#alerts.delete(id);
    this.#watched.remove(alert);
    this.#power.remove(alert);
    this.#shared.remove(alert);
    this.#unsettled.delete(alert);
    const incident = alert.place?.incident;
    if (incident === undefined) return;
    incident.members.delete(alert);
    if (incident.head === alert && incident.root !== undefined)
      incident.closing = this.#deps.closingOf(id) ?? incident.closing;
    this.#touch(incident);
    // The root may be over with it, though its state says nothing new.
    if (alert.place?.relation === 'root') for (const member of incident.members) this.#unsettled.add(member);
  }

  /** One that was open before central started. */
  restore(
    incident: Omit<Incident, 'members' | 'head' | 'headlessSinceMs' | 'askedAtMs' | 'closing' | 'followed'>,
    members: ReadonlyMap<string, Pick<Membership, 'relation' | 'kind' | 'wasTold'>>,
    nowMs: number,
  ): Incident {
    const waits = { headlessSinceMs: nowMs, askedAtMs: -Infinity, followed: undefined };
    const { root, face } = incident;
    const isHeadOver =
      root !== undefined && face.headAlert !== undefined && !this.#alerts.has(face.headAlert);
    const closing = isHeadOver ? this.#deps.closingOf(face.headAlert) : undefined;
    const restored: Incident = { ...incident, ...waits, closing, members: new Set(), head: undefined };
    this.#incidents.add(restored);
    if (restored.root !== undefined) this.#byRoot.set(restored.root, restored);
    for (const [id, as] of members) {
      const alert = this.#alerts.get(id);
      if (alert === undefined) continue;
      alert.place = { incident: restored, causeLostAtMs: undefined, isShared: false, ...as };
      restored.members.add(alert);
      if (id === incident.face.headAlert) restored.head = alert;
    }
    this.#touched.add(restored);
    return restored;
  }

  /** The inventory is another one. */
  notePlaces(): void {
    for (const alert of this.#alerts.values()) {
      this.#watched.add(alert);
      this.#shared.add(alert);
    }
  }

  /** `changed`: whose states are others now. Alerts that this does not concern are looked at only if they are new or wait. */
  review(nowMs: number, changed: Iterable<string> | 'all'): void {
    const isAll = changed === 'all' || this.#isPowerNew;
    if (changed !== 'all') {
      let isAny = false;
      for (const ref of changed) {
        isAny = true;
        for (const alert of this.#watched.of(ref)) this.#unsettled.add(alert);
      }
      if (isAny) for (const alert of this.#watched.of(ANY)) this.#unsettled.add(alert);
    }
    this.#isPowerNew = false;
    for (const alert of isAll ? this.#alerts.values() : [...this.#unsettled]) this.#place(alert, nowMs);
    for (const incident of this.#incidents) {
      const isWaiting = incident.head === undefined || !incident.members.has(incident.head);
      if (isWaiting || this.#touched.has(incident) || this.#isQuiet(incident, nowMs))
        this.#settle(incident, nowMs);
    }
    this.#touched.clear();
  }

  /** What has changed since the last call. */
  takeChanges(): BookChanges {
    const changes = { incidents: this.#changed, steps: this.#steps };
    this.#changed = new Map();
    this.#steps = [];
    return changes;
  }

  /** More of what is behind the root was cut off. */
  noteCutOff(incident: Incident, refs: Iterable<string>): void {
    const before = incident.cutOff.size;
    for (const ref of refs) incident.cutOff.add(ref);
    if (incident.cutOff.size > before) this.#changed.set(incident, undefined);
  }

  /** Its root may become known shortly. */
  awaitsRoot(alert: SuppressibleAlert, seenAtMs: number, nowMs: number): boolean {
    if (!isWithin(seenAtMs, PARENT_WINDOW_MS, nowMs) || alert.agent === CENTRAL_AGENT) return false;
    const { view, isAbsence } = this.#deps;
    if (this.#shared.mayShare(alert)) return true;
    const [first] = subjectsOf(alert, view.places).filter(
      ({ ref }) => view.states.momentOf(ref) !== undefined,
    );
    if (first === undefined) return false;
    // What is measured well is reached, but the agent at a place may be silent while others there are not.
    return isAbsence(alert.rule) || view.states.momentOf(first.ref)?.state !== 'up';
  }

  #place(alert: OpenAlert, nowMs: number): void {
    const { place, facts } = alert;
    const wanted = this.#placing.of(alert);
    if (wanted !== undefined) {
      this.#unsettled.delete(alert);
      this.#enter(alert, wanted, nowMs);
      return;
    }
    const isOwnHead =
      place?.relation === 'root' && place.incident.head === alert && !this.#outlasts(alert, place);
    if (place !== undefined && place.relation !== 'alone' && !isOwnHead) {
      if (staysBehind(alert, place, this.#placing, nowMs)) {
        this.#unsettled.add(alert);
        return;
      }
      this.#leave(alert, 'it is reached again', nowMs);
    } else if (place !== undefined) {
      this.#unsettled.delete(alert);
      return;
    }
    if (this.awaitsRoot(facts, alert.seenAtMs, nowMs)) return;
    this.#unsettled.delete(alert);
    // What does not page is a finding, and no incident.
    if (facts.severity === 'warning') return;
    this.#join(
      alert,
      this.#begin(undefined, alert, nowMs),
      { relation: 'alone', kind: 'parent', isShared: false },
      nowMs,
    );
  }

  /** It says nothing of an outage, and what it is about is well again: it is no news when that fails the next time. */
  #outlasts({ facts }: OpenAlert, { incident, kind }: Membership): boolean {
    const { root } = incident;
    if (root === undefined || kind === 'power' || this.#deps.saysDown(facts.rule)) return false;
    return this.#placing.stateOf(root)?.state === 'up';
  }

  #enter(alert: OpenAlert, { root, relation, kind, isShared, reason }: Place, nowMs: number): void {
    const { place } = alert;
    const incident = this.#byRoot.get(root) ?? this.#begin(root, alert, nowMs);
    if (place?.incident === incident) {
      place.causeLostAtMs = undefined;
      place.isShared = isShared;
      if (place.relation === relation && place.kind === kind) return;
      place.relation = relation;
      place.kind = kind;
      this.#record(incident, 'joined', reason, nowMs, alert);
      this.#touch(incident);
      return;
    }
    if (place !== undefined) this.#leave(alert, `it belongs to ${incident.id}: ${reason}`, nowMs, incident);
    this.#join(alert, incident, { relation, kind, isShared, reason }, nowMs);
  }

  #begin(root: string | undefined, first: OpenAlert, nowMs: number): Incident {
    const incident: Incident = {
      id: incidentId(root, first.facts.id, nowMs),
      root,
      beganAtMs: nowMs,
      head: undefined,
      face: faceOf(first.facts, undefined),
      headlessSinceMs: nowMs,
      askedAtMs: -Infinity,
      closing: undefined,
      followed: undefined,
      severity: first.facts.severity,
      members: new Set(),
      alertCount: 0,
      cutOff: new Set(),
    };
    this.#incidents.add(incident);
    if (root !== undefined) {
      this.#byRoot.set(root, incident);
      // They stand for what has failed because of them from now on.
      for (const outage of this.#power.at(root)) this.#unsettled.add(outage);
    }
    this.#record(incident, 'opened', root === undefined ? 'an alert by itself' : `root ${root}`, nowMs);
    return incident;
  }

  #join(
    alert: OpenAlert,
    incident: Incident,
    {
      relation,
      kind,
      isShared,
      reason = 'nothing behind it is known',
    }: Pick<Membership, 'relation' | 'kind' | 'isShared'> & { readonly reason?: string },
    nowMs: number,
  ): void {
    const wasTold = relation !== 'alone' && this.#deps.wasTold(alert.facts.id);
    alert.place = { incident, relation, kind, isShared, wasTold, causeLostAtMs: undefined };
    incident.members.add(alert);
    incident.alertCount++;
    this.#raise(incident, alert.facts.severity);
    this.#record(incident, 'joined', reason, nowMs, alert);
    this.#touch(incident);
  }

  #leave(alert: OpenAlert, reason: string, nowMs: number, to?: Incident): void {
    const incident = alert.place?.incident;
    alert.place = undefined;
    if (incident === undefined) return;
    incident.members.delete(alert);
    this.#record(incident, 'left', reason, nowMs, alert);
    this.#touch(incident);
    if (incident.members.size === 0 && to !== undefined) {
      this.#record(incident, 'merged', `it is part of ${to.id}`, nowMs);
      this.#end(incident, { atMs: nowMs, mergedInto: to.id });
    }
  }

  /** Nobody hears of its head, nor will; where nobody hears of the others either, they are not asked all the time. */
  #isQuiet({ root, head, askedAtMs }: Incident, nowMs: number): boolean {
    if (root === undefined || head === undefined || isWithin(askedAtMs, ASK_AGAIN_MS, nowMs)) return false;
    return !this.#deps.willBeTold(head.facts);
  }

  #isWell({ root }: Incident): boolean {
    if (root === undefined) return true;
    return !this.#placing.isBad(root) && this.#placing.stateOf(root)?.state !== 'unknown';
  }

  /** The head, and whether it is over. */
  #settle(incident: Incident, nowMs: number): void {
    if (!this.#incidents.has(incident)) return;
    if (incident.members.size === 0) {
      if (incident.root !== undefined && this.#placing.isBad(incident.root)) return;
      this.#record(incident, 'ended', 'all of it is over', nowMs);
      this.#end(incident, { atMs: nowMs });
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
      this.#record(incident, 'head', incident.root === undefined ? 'the only one' : why, nowMs, head);
    }
    if (before !== undefined && before.place?.incident === incident)
      before.place = { ...before.place, wasTold: this.#deps.wasTold(before.facts.id) };
    this.#touch(incident);
  }

  /** It may have ended as well because it went to another incident. */
  #followed({ root, closing }: Incident, { facts, place }: OpenAlert, nowMs: number): Followed | undefined {
    const isOver = !this.#alerts.has(facts.id);
    if (root === undefined || closing !== undefined || !isOver) return undefined;
    return place?.relation === 'root' && this.#deps.wasTold(facts.id)
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
      if (place === undefined || place.wasTold) continue;
      if (severityRank(facts.severity) > severityRank(head.facts.severity))
        place.wasTold = this.#deps.wasTold(facts.id);
    }
  }

  #end(incident: Incident, ending: Ending): void {
    this.#incidents.delete(incident);
    if (incident.root !== undefined && this.#byRoot.get(incident.root) === incident)
      this.#byRoot.delete(incident.root);
    this.#changed.set(incident, ending);
  }

  #raise(incident: Incident, severity: Severity): void {
    if (severityRank(severity) <= severityRank(incident.severity)) return;
    incident.severity = severity;
    this.#touch(incident);
  }

  #touch(incident: Incident): void {
    if (!this.#incidents.has(incident)) return;
    this.#touched.add(incident);
    this.#changed.set(incident, undefined);
  }

  #record(
    incident: Incident,
    kind: IncidentStep['kind'],
    reason: string,
    atMs: number,
    alert?: OpenAlert,
  ): void {
    const as = kind === 'joined' ? alert?.place : undefined;
    this.#changed.set(incident, undefined);
    this.#steps.push({
      incident: incident.id,
      kind,
      reason,
      atMs,
      ...(alert !== undefined && { alert: alert.facts.id }),
      ...(as !== undefined && { as: { relation: as.relation, kind: as.kind, wasTold: as.wasTold } }),
    });
  }
}

function faceOf({ rule, unit, site }: SuppressibleAlert, headAlert: string | undefined): Face {
  return { headAlert, rule, unit, site };
}

function incidentId(root: string | undefined, firstAlert: string, atMs: number): string {
  const digest = createHash('sha256')
    .update(`${root ?? ''}\n${firstAlert}\n${atMs}`)
    .digest('hex');
  return `i-${digest.slice(0, 20)}`;
}
