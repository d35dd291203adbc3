import type { SuppressibleAlert } from '../suppression/suppression.ts';
import { awaitsRoot } from './awaits-root.ts';
import type { CauseView } from './cause.ts';
import type { Closing } from './closing.ts';
import type { Severity } from '../rules/severity.ts';
import { isWithin, type Incident, type KnownIncident, type Membership, type OpenAlert } from './incident.ts';
import { IncidentHeads } from './incident-heads.ts';
import { PARENT_WINDOW_MS } from './incident-view.ts';
import { OpenIncidents, type BookChanges } from './open-incidents.ts';
import { Moves } from './moves.ts';
import { PastFailures, type Failure } from './past-failure.ts';
import { PowerOutages } from './power.ts';
import { Placing, type Place } from './placing.ts';
import { SharedCauses, type SharedCausesDeps } from './shared-causes.ts';
import { SiteRoots } from './site-roots.ts';
import { isOfFormerCut, RETURN_MS, staysBehind } from './staying.ts';
import { ANY, WatchedRefs } from './watched-refs.ts';

export interface BookDeps extends Pick<SharedCausesDeps, 'aspectOf' | 'isShared' | 'neededBy'> {
  readonly view: CauseView;
  /** Rules about silence. */
  readonly isAbsence: (rule: string) => boolean;
  /** Rules that say that something is down, cut or silent. */
  readonly saysDown: (rule: string) => boolean;
  /** Rules whose alerts stand for a while after what they tell of is over. */
  readonly looksBack: (rule: string) => boolean;
  /** The last time in which a service of the city was down that is over; undefined: there was none lately. */
  readonly lastFailureOf: (service: string, nowMs: number) => Failure | undefined;
  /** The newest incident that had one of these roots and ended since then, Unix ms. */
  readonly endedOf: (roots: readonly string[], endedSinceMs: number) => KnownIncident | undefined;
  /** Somebody heard of the alert. */
  readonly wasTold: (alertId: string) => boolean;
  /** How grave an alert was that somebody heard of; undefined: nobody did. */
  readonly toldSeverityOf: (alertId: string) => Severity | undefined;
  /** Of an alert that a person closed. */
  readonly closingOf: (alertId: string) => Closing | undefined;
  /** Somebody heard of it, or will, but for its root: no person and no route keeps it quiet. */
  readonly willBeTold: (alert: SuppressibleAlert) => boolean;
}

/**
 * Which alerts that are open belong together, and why. No I/O: what changes is to be taken and written. `review` goes by the states as
 * they are at that moment.
 */
export class IncidentBook {
  readonly #deps: BookDeps;
  readonly #power: PowerOutages;
  readonly #shared: SharedCauses;
  readonly #siteRoots: SiteRoots;
  readonly #placing: Placing;
  readonly #past: PastFailures;
  readonly #moves: Moves;
  readonly #alerts = new Map<string, OpenAlert>();
  readonly #incidents = new OpenIncidents();
  readonly #heads: IncidentHeads;
  /** Alerts whose place may change though no state does: new ones, and those that wait for a time. */
  readonly #unsettled = new Set<OpenAlert>();
  /** Their root has turned out to be part of another one. */
  readonly #moved = new Set<OpenAlert>();
  /** A site has lost its power. */
  #isPowerNew = false;
  readonly #watched: WatchedRefs;

  constructor(deps: BookDeps) {
    this.#deps = deps;
    this.#watched = new WatchedRefs(deps.view.places);
    this.#power = new PowerOutages(deps.view, deps.isAbsence);
    this.#shared = new SharedCauses({ ...deps, places: deps.view.places });
    this.#siteRoots = new SiteRoots(deps.view);
    const { byRoot } = this.#incidents;
    this.#placing = new Placing({
      ...{ ...deps, byRoot },
      ...{ power: this.#power, shared: this.#shared, siteRoots: this.#siteRoots },
    });
    this.#past = new PastFailures({
      ...{ ...deps, byRoot, placing: this.#placing },
      reopen: (roots, endedSinceMs, nowMs) => this.#reopen(deps.endedOf(roots, endedSinceMs), nowMs),
    });
    this.#moves = new Moves({
      ...{ incidents: this.#incidents, power: this.#power, places: deps.view.places, wasTold: deps.wasTold },
      lookAgain: (alert) => this.#unsettled.add(alert),
      move: (alert) => this.#moved.add(alert),
    });
    this.#heads = new IncidentHeads({ ...deps, placing: this.#placing, incidents: this.#incidents });
  }

  get alerts(): ReadonlyMap<string, OpenAlert> {
    return this.#alerts;
  }

  get incidents(): ReadonlySet<Incident> {
    return this.#incidents.all;
  }

  /** An alert fired, or was open when central started. */
  open(facts: SuppressibleAlert, nowMs: number): OpenAlert {
    const known = this.#alerts.get(facts.id);
    if (known !== undefined) return known;
    const alert: OpenAlert = {
      ...{ facts, seenAtMs: nowMs, isRecovering: false, place: undefined },
      looksBack: this.#deps.looksBack(facts.rule),
    };
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
    this.#incidents.raise(incident, facts.severity);
    this.#incidents.lookAgain(incident);
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
    this.#incidents.touch(incident);
    // The root may be over with it, though its state says nothing new.
    if (alert.place?.relation === 'root') for (const member of incident.members) this.#unsettled.add(member);
  }

  /** One that was open before central started. */
  restore(
    incident: KnownIncident,
    members: ReadonlyMap<string, Pick<Membership, 'relation' | 'kind' | 'wasTold'>>,
    nowMs: number,
  ): Incident {
    const waits = { headlessSinceMs: nowMs, askedAtMs: -Infinity, followed: undefined };
    const { root, face } = incident;
    const isHeadOver =
      root !== undefined && face.headAlert !== undefined && !this.#alerts.has(face.headAlert);
    const closing = isHeadOver ? this.#deps.closingOf(face.headAlert) : undefined;
    const restored: Incident = { ...incident, ...waits, closing, members: new Set(), head: undefined };
    this.#incidents.restore(restored);
    for (const [id, as] of members) {
      const alert = this.#alerts.get(id);
      if (alert === undefined) continue;
      alert.place = { incident: restored, causeLostAtMs: undefined, isShared: false, ...as };
      restored.members.add(alert);
      if (id === incident.face.headAlert) restored.head = alert;
    }
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
    this.#siteRoots.forget();
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
    for (const alert of this.#unsettled)
      if (isOfFormerCut(alert, this.#power, nowMs)) this.#moves.leaveFormerCut(alert, nowMs);
    for (const alert of isAll ? this.#alerts.values() : [...this.#unsettled]) this.#place(alert, nowMs);
    // Each once, those that are added meanwhile as well.
    for (const alert of this.#moved) this.#place(alert, nowMs);
    this.#moved.clear();
    this.#heads.settleAll(nowMs);
  }

  /** The root of an incident that stands for one that the states name, as of the last review. */
  rootOf(ref: string): string {
    return this.#siteRoots.rootOf(ref);
  }

  /** What has changed since the last call. */
  takeChanges(): BookChanges {
    return this.#incidents.takeChanges();
  }

  /** More of what is behind the root was cut off. */
  noteCutOff(incident: Incident, refs: Iterable<string>): void {
    this.#incidents.noteCutOff(incident, refs);
  }

  /** It stands for others, and one that says more may come shortly, such as that of the whole ward. */
  awaitsWider(alert: OpenAlert, nowMs: number): boolean {
    return (
      alert.place?.incident.head === alert &&
      isWithin(alert.seenAtMs, PARENT_WINDOW_MS, nowMs) &&
      this.#shared.isPartOfWard(alert.facts)
    );
  }

  /** Its root may become known shortly. */
  awaitsRoot(alert: SuppressibleAlert, seenAtMs: number, nowMs: number): boolean {
    return awaitsRoot(alert, seenAtMs, nowMs, { ...this.#deps, shared: this.#shared });
  }

  #reopen(ended: KnownIncident | undefined, nowMs: number): Incident | undefined {
    if (ended === undefined) return undefined;
    const incident = this.restore(ended, new Map(), nowMs);
    this.#incidents.record(incident, 'reopened', 'an alert tells of the time in which it went on', nowMs);
    return incident;
  }

  #place(alert: OpenAlert, nowMs: number): void {
    const { place, facts } = alert;
    const wanted = this.#placing.of(alert);
    if (wanted !== undefined && this.#comesBack(alert, wanted, nowMs)) {
      this.#unsettled.add(alert);
      return;
    }
    const returning = wanted && this.#returning(alert, wanted, nowMs);
    if (returning !== undefined) {
      this.#moves.enterReturning(alert, returning, nowMs);
      this.#unsettled.add(alert);
      return;
    }
    if (wanted !== undefined) {
      this.#unsettled.delete(alert);
      this.#moves.enter(alert, wanted, nowMs);
      return;
    }
    const isOwnHead =
      place?.relation === 'root' && place.incident.head === alert && !this.#outlasts(alert, place);
    if (place !== undefined && place.relation !== 'alone' && !isOwnHead) {
      if (staysBehind(alert, place, this.#placing, nowMs)) {
        // What makes an end to that is a change of some state.
        if (place.isEcho === true) this.#unsettled.delete(alert);
        else this.#unsettled.add(alert);
        return;
      }
      const isFinding = facts.severity === 'warning';
      this.#moves.leave(alert, isFinding ? 'what is left of it is a finding' : 'it is reached again', nowMs);
    } else if (place !== undefined) {
      this.#unsettled.delete(alert);
      return;
    }
    const past = this.#past.of(alert, nowMs);
    if (past !== undefined) {
      this.#unsettled.delete(alert);
      this.#moves.enterPast(alert, past, nowMs);
      return;
    }
    if (this.awaitsRoot(facts, alert.seenAtMs, nowMs)) return;
    this.#unsettled.delete(alert);
    // What does not page is a finding, and no incident.
    if (facts.severity !== 'warning') this.#moves.enterAlone(alert, nowMs);
  }

  /** It says nothing of an outage, and what it is about is well again: it is no news when that fails the next time. */
  #outlasts({ facts }: OpenAlert, { incident, kind }: Membership): boolean {
    const { root } = incident;
    if (root === undefined || kind === 'power' || this.#deps.saysDown(facts.rule)) return false;
    return this.#placing.stateOf(root)?.state === 'up';
  }

  /**
   * Its root is well again, and what it is about is down by itself: that has its time to come back as well, before it is news. So has a service
   * that still loses by another root: how grave it is comes of the one that is over.
   */
  #comesBack(alert: OpenAlert, { root, relation, kind }: Place, nowMs: number): boolean {
    const { place } = alert;
    const before = place?.incident.root;
    if (place === undefined || before === undefined || before === root) return false;
    if (place.isShared || place.kind !== 'parent' || kind !== 'parent') return false;
    if (this.#incidents.byRoot.has(root) && relation !== 'impact') return false;
    return this.#placing.stateOf(before)?.state === 'up' && staysBehind(alert, place, this.#placing, nowMs);
  }

  /** A new alert says that something is cut off whose line has just come back: the incident of the line. Nobody behind it was heard yet. */
  #returning(alert: OpenAlert, { root, relation, kind }: Place, nowMs: number): Incident | undefined {
    if (alert.place !== undefined || relation !== 'root' || kind !== 'parent') return undefined;
    if (this.#incidents.byRoot.has(root) || this.#placing.stateOf(root)?.state !== 'unreachable')
      return undefined;
    return [...this.#incidents.all].find((incident) => {
      if (incident.root === undefined || !incident.cutOff.has(root)) return false;
      const moment = this.#placing.stateOf(incident.root);
      return moment?.state === 'up' && isWithin(moment.sinceMs, RETURN_MS, nowMs);
    });
  }
}
