import type { Clock } from '../../../runtime/clock.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { PresentStates } from '../../health/present-states.ts';
import type { ServiceView } from '../../health/services/service-view.ts';
import type { LiveInventory } from '../../inventory/live-inventory.ts';
import type { StateDatabase } from '../../state/database.ts';
import { isCanary } from '../history/canary-alarm.ts';
import type { AlertDetail } from '../history/alert.ts';
import type { AlertTransitions } from '../history/alert-transitions.ts';
import type { RuleLookup } from '../rules/rule.ts';
import type { Severity } from '../rules/severity.ts';
import type { SuppressibleAlert, Suppressor } from '../suppression/suppression.ts';
import { applyOpen, applyStep } from './apply-step.ts';
import { IncidentBook } from './book.ts';
import type { CauseView, ServiceNow } from './cause.ts';
import { closingOf } from './closing.ts';
import { countCutOff } from './count-cut-off.ts';
import { CutOffWatch } from './cut-off-watch.ts';
import type { Incident, OpenAlert } from './incident.ts';
import { IncidentJournal } from './incident-journal.ts';
import type { IncidentQuery, IncidentRecord } from './incident-record.ts';
import { openIncidentStore, type IncidentStore, type MemberRecord } from './incident-store.ts';
import type { IncidentStep } from './incident-step.ts';
import type { IncidentHead, IncidentOfAlert, IncidentView } from './incident-view.ts';
import type { BookChanges } from './open-incidents.ts';
import { looksBack } from './looks-back.ts';
import type { Failure } from './past-failure.ts';
import { knownIncident, recordOf } from './record-of.ts';
import { saysDown } from './says-down.ts';
import { ServicesNeeded } from './services-needed.ts';
import { InventoryPlaces } from '../suppression/inventory-places.ts';
import { aspectOf, sharedBy } from './aspect-of.ts';
import { createSuppressors, suppressionIn } from './suppressors.ts';

export interface IncidentsDeps {
  readonly transitions: AlertTransitions;
  readonly rules: RuleLookup;
  readonly states: PresentStates;
  readonly services: () => readonly ServiceView[];
  /** The last time in which a service of the city was down that is over; undefined: there was none lately. */
  readonly lastFailureOf: (service: string, nowMs: number) => Failure | undefined;
  readonly inventory: LiveInventory;
  /** Somebody heard of the alert. */
  readonly wasTold: (alertId: string) => boolean;
  /** How grave an alert was that somebody heard of, also one that is over; undefined: nobody did. */
  readonly toldSeverityOf: (alertId: string) => Severity | undefined;
  /** Also of one that is over. */
  readonly alertOf: (alertId: string) => AlertDetail | undefined;
  /** Somebody heard of it, or will, but for its root: no person and no route keeps it quiet. */
  readonly willBeTold: (alert: SuppressibleAlert) => boolean;
  readonly database: StateDatabase;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
}

export interface Incidents extends IncidentView {
  /** Each second, after the alerts: follows them, and finds what they have in common. */
  tick(): void;
  /** The states of these have changed. */
  noteStates(refs: Iterable<string>): void;
  /** `parent`, then `power`. */
  readonly suppressors: readonly Suppressor[];
  /** One more than `limit` when there are more. */
  page(query: IncidentQuery): readonly IncidentRecord[];
  has(id: string): boolean;
  get(id: string): IncidentRecord | undefined;
  members(id: string, limit: number): readonly MemberRecord[];
  steps(id: string, limit: number): readonly IncidentStep[];
  /** Alerts of an incident that are not over, and those of them that nobody is told of; none of one that is over. */
  openCounts(id: string): { readonly open: number; readonly suppressed: number };
  /** Those that are open and whose root is known, by id, the oldest first. */
  openWithRoot(): readonly string[];
  /** The incident that an alert belongs to, or belonged to last. */
  idOf(alertId: string): string | undefined;
  /** Those that ended before, and more than the newest 100,000. */
  deleteOld(beforeMs: number): void;
  stats(): IncidentStats;
}

export interface IncidentStats {
  readonly open: number;
  /** Open alerts that nobody is told of because of a root. */
  readonly suppressed: number;
}

export const INCIDENTS_KEPT_MS = 400 * 86_400_000;
const KEPT = 100_000;
const STEPS_AT_ONCE = 2_000;

function isToldOfRoot({ place }: OpenAlert): boolean {
  return place?.relation === 'root' && place.wasTold;
}

/** Finds which alerts belong together, names their root, and keeps it in `state.db`. */
export function createIncidents(deps: IncidentsDeps): Incidents {
  const store = openIncidentStore(deps.database);
  return new IncidentKeeper(deps, store);
}

class IncidentKeeper implements Incidents {
  readonly suppressors: readonly Suppressor[];
  readonly #deps: IncidentsDeps;
  readonly #store: IncidentStore;
  readonly #view: CauseView;
  readonly #book: IncidentBook;
  readonly #byId = new Map<string, Incident>();
  readonly #journal: IncidentJournal;
  readonly #cutOff: CutOffWatch;
  #arePlacesNew = true;
  /** Whose states have changed since the last tick. */
  readonly #changed = new Set<string>();
  #services: ReadonlyMap<string, ServiceNow> | undefined;
  /** What rules judge for whole units. */
  #shared: ReadonlySet<string> | undefined;
  #isFailing = false;

  constructor(deps: IncidentsDeps, store: IncidentStore) {
    this.#deps = deps;
    this.#store = store;
    this.#view = {
      states: deps.states,
      places: new InventoryPlaces(deps.inventory),
      serviceOf: (service) => this.#servicesNow().get(service),
    };
    const needed = new ServicesNeeded(() => deps.inventory.services);
    this.#book = new IncidentBook({
      view: this.#view,
      aspectOf: (rule) => aspectOf(deps.rules.get(rule)),
      isShared: (measurement) => this.#sharedMeasurements().has(measurement),
      neededBy: (service) => needed.neededBy(service),
      isAbsence: (rule) => deps.rules.get(rule)?.settings.kind === 'absence',
      saysDown: (rule) => saysDown(deps.rules.get(rule)),
      looksBack: (rule) => looksBack(deps.rules.get(rule)),
      lastFailureOf: deps.lastFailureOf,
      endedOf: (roots, endedSinceMs) => {
        const ended = store.endedOf(roots, endedSinceMs);
        return ended && knownIncident(ended);
      },
      wasTold: deps.wasTold,
      toldSeverityOf: deps.toldSeverityOf,
      closingOf: (id) => closingOf(deps.alertOf(id)),
      willBeTold: deps.willBeTold,
    });
    this.suppressors = createSuppressors(this.#book, this.#view.places);
    deps.inventory.onChange(() => (this.#arePlacesNew = true));
    this.#cutOff = new CutOffWatch({ ...deps, places: this.#view.places });
    this.#restore(deps.clock.now());
    this.#journal = new IncidentJournal(store, store.cursor(), deps.transitions.newestSequence());
  }

  tick(): void {
    const nowMs = this.#deps.clock.now();
    this.#services = undefined;
    this.#shared = undefined;
    try {
      this.#follow(nowMs);
      if (this.#arePlacesNew) this.#book.notePlaces();
      this.#book.review(nowMs, this.#arePlacesNew ? 'all' : this.#changed);
      this.#arePlacesNew = false;
      this.#changed.clear();
      this.#take(this.#book.takeChanges());
      this.#cutOff.look(this.#book, nowMs);
      this.#take(this.#book.takeChanges());
      this.#journal.save(nowMs);
      if (this.#isFailing) this.#deps.log.info('incidents are written again');
      this.#isFailing = false;
    } catch (err) {
      if (!this.#isFailing)
        this.#deps.log.error(
          { err },
          'incidents cannot be followed or written; it is tried again each second',
        );
      this.#isFailing = true;
    }
  }

  noteStates(refs: Iterable<string>): void {
    for (const ref of refs) this.#changed.add(ref);
    this.#cutOff.noteStates();
  }

  incidentOf(alertId: string): IncidentOfAlert | undefined {
    const incident = this.#book.alerts.get(alertId)?.place?.incident;
    if (incident === undefined) return undefined;
    const { id, root, head, severity, beganAtMs } = incident;
    const { open, suppressed } = this.openCounts(id);
    return {
      id,
      root,
      rootName: root === undefined ? undefined : this.#view.places.nameOf(root),
      headAlertId: head?.facts.id,
      severity,
      openAlerts: open,
      suppressedAlerts: suppressed,
      counts: root === undefined ? undefined : countCutOff(incident.cutOff, this.#deps.inventory),
      beganAtMs,
    };
  }

  awaitsRoot(alert: SuppressibleAlert, nowMs: number): boolean {
    const known = this.#book.alerts.get(alert.id);
    if (known?.place !== undefined) return this.#book.awaitsWider(known, nowMs);
    return this.#book.awaitsRoot(alert, known?.seenAtMs ?? nowMs, nowMs);
  }

  heads(): readonly IncidentHead[] {
    return [...this.#book.incidents].flatMap((incident) => {
      const { root, head, members } = incident;
      if (root === undefined || head === undefined) return [];
      const othersTold = (): readonly SuppressibleAlert[] =>
        [...members].flatMap((member) => (member !== head && isToldOfRoot(member) ? member.facts : []));
      return [{ root, alert: head.facts, cutOff: this.#cutOff.placesOf(incident), othersTold }];
    });
  }

  openWith(alertId: string): readonly string[] {
    const { root, members = [] } = this.#book.alerts.get(alertId)?.place?.incident ?? {};
    if (root === undefined) return [];
    return [...members].map(({ facts }) => facts.id);
  }

  page(query: IncidentQuery): readonly IncidentRecord[] {
    return this.#store.page(query);
  }

  has(id: string): boolean {
    return this.#store.has(id);
  }

  get(id: string): IncidentRecord | undefined {
    return this.#store.get(id);
  }

  members(id: string, limit: number): readonly MemberRecord[] {
    return this.#store.members(id, limit);
  }

  steps(id: string, limit: number): readonly IncidentStep[] {
    return this.#store.steps(id, limit);
  }

  openCounts(id: string): { readonly open: number; readonly suppressed: number } {
    const members = this.#byId.get(id)?.members;
    if (members === undefined) return { open: 0, suppressed: 0 };
    return { open: members.size, suppressed: this.#suppressedIn(members) };
  }

  openWithRoot(): readonly string[] {
    return [...this.#byId.values()].flatMap(({ id, root }) => (root === undefined ? [] : [id]));
  }

  idOf(alertId: string): string | undefined {
    return this.#book.alerts.get(alertId)?.place?.incident.id ?? this.#store.incidentOf(alertId);
  }

  deleteOld(beforeMs: number): void {
    this.#store.deleteOld(beforeMs, KEPT);
  }

  stats(): IncidentStats {
    return { open: this.#byId.size, suppressed: this.#suppressedIn(this.#book.alerts.values()) };
  }

  #suppressedIn(alerts: Iterable<OpenAlert>): number {
    let count = 0;
    for (const alert of alerts) if (suppressionIn(alert, this.#view.places) !== undefined) count++;
    return count;
  }

  /** Judging them is dear: once in a tick, and only where an alert is about one. */
  #servicesNow(): ReadonlyMap<string, ServiceNow> {
    this.#services ??= new Map(this.#deps.services().map((service) => [service.id, service]));
    return this.#services;
  }

  #sharedMeasurements(): ReadonlySet<string> {
    this.#shared ??= new Set(this.#deps.rules.all().flatMap((rule) => sharedBy(rule) ?? []));
    return this.#shared;
  }

  /** What was open before central started goes on. */
  #restore(nowMs: number): void {
    for (const step of this.#deps.transitions.ofOpenAlerts()) applyOpen(this.#book, step, nowMs);
    const members = this.#store.openMembers();
    for (const record of this.#store.open()) {
      const { id } = record;
      this.#byId.set(id, this.#book.restore(knownIncident(record), members.get(id) ?? new Map(), nowMs));
    }
  }

  #follow(nowMs: number): void {
    while (!this.#journal.isFull) {
      const steps = this.#deps.transitions.after(this.#journal.sequence, STEPS_AT_ONCE);
      for (const step of steps) applyStep(this.#book, step, nowMs);
      this.#journal.noteFollowed(steps);
      if (steps.length < STEPS_AT_ONCE) return;
    }
  }

  /** A canary's is followed, but nobody is to find it in a list. */
  #take({ incidents, steps }: BookChanges): void {
    const { rules, inventory } = this.#deps;
    const sources = { rules, inventory, places: this.#view.places };
    const hidden = new Set<string>();
    for (const [incident, ending] of incidents) {
      if (isCanary(incident.face)) {
        hidden.add(incident.id);
        continue;
      }
      this.#journal.add(recordOf(incident, ending, sources));
      if (ending === undefined) this.#byId.set(incident.id, incident);
      else this.#byId.delete(incident.id);
    }
    this.#journal.addSteps(steps.filter(({ incident }) => !hidden.has(incident)));
  }
}
