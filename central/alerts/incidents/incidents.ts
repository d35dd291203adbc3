import type { Clock } from '../../../runtime/clock.ts';
import { foldText } from '../../../runtime/fold-text.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { PresentStates } from '../../health/present-states.ts';
import type { ServiceView } from '../../health/services/service-view.ts';
import type { LiveInventory } from '../../inventory/live-inventory.ts';
import type { StateDatabase } from '../../state/database.ts';
import type { AlertDetail } from '../history/alert.ts';
import type { AlertTransition, AlertTransitions } from '../history/alert-transitions.ts';
import type { AlertRule, RuleLookup } from '../rules/rule.ts';
import type { SuppressibleAlert, Suppressor } from '../suppression/suppression.ts';
import { IncidentBook, type BookChanges, type Ending } from './book.ts';
import type { CauseView } from './cause.ts';
import { closingOf } from './closing.ts';
import { countCutOff, placesOf, unitsOf } from './count-cut-off.ts';
import { cutOffBy } from './cut-off.ts';
import { isWithin, type Incident, type OpenAlert } from './incident.ts';
import type { IncidentQuery, IncidentRecord } from './incident-record.ts';
import { openIncidentStore, type IncidentStore, type MemberRecord } from './incident-store.ts';
import type { IncidentStep } from './incident-step.ts';
import type { CutOffPlaces, IncidentHead, IncidentOfAlert, IncidentView } from './incident-view.ts';
import { InventoryPlaces } from '../suppression/inventory-places.ts';
import type { Aspect } from './shared-causes.ts';
import { createSuppressors, suppressionIn } from './suppressors.ts';

export interface IncidentsDeps {
  readonly transitions: AlertTransitions;
  readonly rules: RuleLookup;
  readonly states: PresentStates;
  readonly services: () => readonly ServiceView[];
  readonly inventory: LiveInventory;
  /** Somebody heard of the alert. */
  readonly wasTold: (alertId: string) => boolean;
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
/** What is waiting for a disk that refuses; alerts are not followed beyond it. */
const MAX_UNSAVED = 50_000;
const SAVE_MS = 5_000;
/** A cut spreads over minutes. */
const CUT_OFF_MS = 5_000;

/** Finds which alerts belong together, names their root, and keeps it in `state.db`. */
export function createIncidents(deps: IncidentsDeps): Incidents {
  const store = openIncidentStore(deps.database);
  return new IncidentKeeper(deps, store);
}

const ENDINGS: ReadonlySet<string> = new Set(['resolved', 'withdrawn', 'closed']);
/** Kinds of rules that say that something is down, cut or silent; of thresholds one that is shipped does. */
const DOWN_KINDS: ReadonlySet<string> = new Set(['state', 'absence', 'reconciliation']);
const DEVICE_DOWN = 'device_down';
const SHARE = 'share';
/** Steps after which an alert is on its way to its end, or is not; others say nothing of it. */
const RECOVERS: ReadonlyMap<string, boolean> = new Map([
  ['recovering', true],
  ['relapsed', false],
  ['flapping', false],
  ['steady', false],
  ['escalated', false],
]);

class IncidentKeeper implements Incidents {
  readonly suppressors: readonly Suppressor[];
  readonly #deps: IncidentsDeps;
  readonly #store: IncidentStore;
  readonly #view: CauseView;
  readonly #book: IncidentBook;
  readonly #byId = new Map<string, Incident>();
  #unsaved = new Map<string, IncidentRecord>();
  #unsavedSteps: IncidentStep[] = [];
  #sequence: number;
  #savedSequence: number;
  #savedAtMs = -Infinity;
  #arePlacesNew = true;
  /** Whose states have changed since the last tick. */
  readonly #changed = new Set<string>();
  #rootsOfServices: ReadonlyMap<string, readonly string[]> | undefined;
  /** What rules judge for whole units. */
  #shared: ReadonlySet<string> | undefined;
  /** What is cut off because of it was looked for. */
  readonly #counted = new WeakSet<Incident>();
  /** As of how many things that are cut off: they only become more. */
  readonly #places = new WeakMap<Incident, { readonly size: number; readonly places: CutOffPlaces }>();
  #isCutOffOld = true;
  #cutOffAtMs = -Infinity;
  #isFailing = false;

  constructor(deps: IncidentsDeps, store: IncidentStore) {
    this.#deps = deps;
    this.#store = store;
    this.#view = {
      states: deps.states,
      places: new InventoryPlaces(deps.inventory),
      serviceRoots: (service) => this.#serviceRoots().get(service) ?? [],
    };
    this.#book = new IncidentBook({
      view: this.#view,
      aspectOf: (rule) => aspectOf(deps.rules.get(rule)),
      isShared: (measurement) => this.#sharedMeasurements().has(measurement),
      isAbsence: (rule) => deps.rules.get(rule)?.settings.kind === 'absence',
      saysDown: (rule) => saysDown(deps.rules.get(rule)),
      wasTold: deps.wasTold,
      closingOf: (id) => closingOf(deps.alertOf(id)),
      willBeTold: deps.willBeTold,
    });
    this.suppressors = createSuppressors(this.#book, this.#view.places);
    deps.inventory.onChange(() => (this.#arePlacesNew = true));
    const cursor = store.cursor();
    this.#restore(deps.clock.now());
    this.#sequence = cursor ?? deps.transitions.newestSequence();
    this.#savedSequence = cursor ?? -1;
  }

  tick(): void {
    const nowMs = this.#deps.clock.now();
    this.#rootsOfServices = undefined;
    this.#shared = undefined;
    try {
      this.#follow(nowMs);
      if (this.#arePlacesNew) this.#book.notePlaces();
      this.#book.review(nowMs, this.#arePlacesNew ? 'all' : this.#changed);
      this.#arePlacesNew = false;
      this.#changed.clear();
      this.#take(this.#book.takeChanges());
      this.#noteCutOff(nowMs);
      this.#save();
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
    this.#isCutOffOld = true;
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
    if (known?.place !== undefined) return false;
    return this.#book.awaitsRoot(alert, known?.seenAtMs ?? nowMs, nowMs);
  }

  heads(): readonly IncidentHead[] {
    return [...this.#book.incidents].flatMap((incident) => {
      const { root, head } = incident;
      if (root === undefined || head === undefined) return [];
      return [{ alert: head.facts, cutOff: this.#placesOf(incident) }];
    });
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

  idOf(alertId: string): string | undefined {
    return this.#book.alerts.get(alertId)?.place?.incident.id ?? this.#store.incidentOf(alertId);
  }

  deleteOld(beforeMs: number): void {
    this.#store.deleteOld(beforeMs, KEPT);
  }

  stats(): IncidentStats {
    return { open: this.#byId.size, suppressed: this.#suppressedIn(this.#book.alerts.values()) };
  }

  #placesOf(incident: Incident): CutOffPlaces {
    const { size } = incident.cutOff;
    const known = this.#places.get(incident);
    if (known?.size === size) return known.places;
    const places = placesOf(incident.cutOff, this.#deps.inventory);
    this.#places.set(incident, { size, places });
    return places;
  }

  #suppressedIn(alerts: Iterable<OpenAlert>): number {
    let count = 0;
    for (const alert of alerts) if (suppressionIn(alert, this.#view.places) !== undefined) count++;
    return count;
  }

  /** Judging them is dear: once in a tick, and only where an alert is about one. */
  #serviceRoots(): ReadonlyMap<string, readonly string[]> {
    this.#rootsOfServices ??= new Map(
      this.#deps.services().flatMap(({ id, state, roots }) => (state === 'up' ? [] : [[id, roots] as const])),
    );
    return this.#rootsOfServices;
  }

  #sharedMeasurements(): ReadonlySet<string> {
    this.#shared ??= new Set(this.#deps.rules.all().flatMap((rule) => sharedBy(rule) ?? []));
    return this.#shared;
  }

  /** What was open before central started goes on. */
  #restore(nowMs: number): void {
    for (const step of this.#deps.transitions.ofOpenAlerts()) {
      this.#book.open(factsOf(step), nowMs);
      if (step.kind === 'recovering') this.#book.update(factsOf(step), true);
    }
    const members = this.#store.openMembers();
    for (const record of this.#store.open()) {
      const { id, root, beganAtMs, severity, alertCount, cutOff, rule } = record;
      const face = { headAlert: record.headAlert, rule, unit: record.unit, site: record.site };
      const incident = { id, root, beganAtMs, severity, alertCount, face, cutOff: new Set(cutOff) };
      this.#byId.set(id, this.#book.restore(incident, members.get(id) ?? new Map(), nowMs));
    }
  }

  #follow(nowMs: number): void {
    for (;;) {
      if (this.#unsavedSteps.length > MAX_UNSAVED) return;
      const steps = this.#deps.transitions.after(this.#sequence, STEPS_AT_ONCE);
      for (const step of steps) this.#apply(step, nowMs);
      this.#sequence = steps.at(-1)?.sequence ?? this.#sequence;
      if (steps.length < STEPS_AT_ONCE) return;
    }
  }

  #apply(step: AlertTransition, nowMs: number): void {
    const { kind, alert } = step;
    if (kind === 'fired') this.#book.open(factsOf(step), nowMs);
    else if (ENDINGS.has(kind)) this.#book.close(alert.id);
    else if (kind !== 'started') this.#book.update(factsOf(step), RECOVERS.get(kind));
  }

  /** As of now, of all incidents that have a root: once for all of them. */
  #noteCutOff(nowMs: number): void {
    const rooted = [...this.#book.incidents].filter(({ root }) => root !== undefined);
    if (rooted.length === 0) return;
    const isNew = rooted.some((incident) => !this.#counted.has(incident));
    if (!isNew && (!this.#isCutOffOld || isWithin(this.#cutOffAtMs, CUT_OFF_MS, nowMs))) return;
    for (const incident of rooted) this.#counted.add(incident);
    this.#isCutOffOld = false;
    this.#cutOffAtMs = nowMs;
    const roots = new Set(rooted.flatMap(({ root }) => root ?? []));
    const withoutPower = new Set(
      rooted.flatMap(({ root, members }) =>
        [...members].some(({ place }) => place?.kind === 'power') ? (root ?? []) : [],
      ),
    );
    const { states, services } = this.#deps;
    const found = cutOffBy({ roots, withoutPower }, { states, places: this.#view.places, services });
    for (const incident of rooted) this.#book.noteCutOff(incident, found.get(incident.root ?? '') ?? []);
    this.#take(this.#book.takeChanges());
  }

  #take({ incidents, steps }: BookChanges): void {
    for (const [incident, ending] of incidents) {
      this.#unsaved.set(incident.id, this.#recordOf(incident, ending));
      if (ending === undefined) this.#byId.set(incident.id, incident);
      else this.#byId.delete(incident.id);
    }
    this.#unsavedSteps.push(...steps);
  }

  #save(): void {
    const incidents = [...this.#unsaved.values()];
    const isNothingNew = incidents.length === 0 && this.#unsavedSteps.length === 0;
    // How far alone is not worth a transaction a second: after a kill the steps since then are read once more.
    const nowMs = this.#deps.clock.now();
    if (isNothingNew && (this.#sequence === this.#savedSequence || isWithin(this.#savedAtMs, SAVE_MS, nowMs)))
      return;
    this.#savedAtMs = nowMs;
    this.#store.save({ incidents, steps: this.#unsavedSteps, sequence: this.#sequence });
    this.#savedSequence = this.#sequence;
    this.#unsaved = new Map();
    this.#unsavedSteps = [];
  }

  #recordOf(incident: Incident, ending: Ending | undefined): IncidentRecord {
    const { inventory } = this.#deps;
    const { id, root, face, severity, beganAtMs, alertCount, cutOff } = incident;
    const { rule, headAlert } = face;
    const rootPlace = root === undefined ? undefined : this.#placeOf(root);
    const unit = rootPlace?.unit ?? face.unit;
    const site = rootPlace?.site ?? face.site;
    const rootName = root === undefined ? undefined : this.#view.places.nameOf(root);
    const names = this.#deps.rules.get(rule)?.settings.name;
    const unitNames = unit === undefined ? undefined : inventory.units.get(unit);
    const siteName = site === undefined ? undefined : inventory.sites.get(site)?.name;
    const words = [
      root,
      rootName,
      rule,
      names?.en,
      names?.vi,
      site,
      siteName,
      unit,
      unitNames?.name,
      unitNames?.nameEn,
    ];
    return {
      id,
      rule,
      severity,
      beganAtMs,
      alertCount,
      cutOff: [...cutOff],
      units: [...new Set([...(unit === undefined ? [] : [unit]), ...unitsOf(cutOff, inventory)])],
      search: foldText(words.filter((word) => word !== undefined).join(' ')),
      ...(root !== undefined && { root, counts: countCutOff(cutOff, inventory) }),
      ...(rootName !== undefined && { rootName }),
      ...(headAlert !== undefined && { headAlert }),
      ...(unit !== undefined && { unit }),
      ...(site !== undefined && { site }),
      ...(ending !== undefined && { endedAtMs: ending.atMs }),
      ...(ending?.mergedInto !== undefined && { mergedInto: ending.mergedInto }),
    };
  }

  #placeOf(root: string): { readonly unit?: string; readonly site?: string } | undefined {
    const { sites, devices } = this.#deps.inventory;
    const id = root.slice(root.indexOf(':') + 1);
    const site = root.startsWith('site:') ? sites.get(id) : undefined;
    if (site !== undefined) return { unit: site.unit, site: id };
    return root.startsWith('device:') ? devices.get(id) : undefined;
  }
}

function saysDown(rule: AlertRule | undefined): boolean {
  return rule !== undefined && (rule.id === DEVICE_DOWN || DOWN_KINDS.has(rule.settings.kind));
}

function aspectOf(rule: AlertRule | undefined): Aspect | undefined {
  if (rule === undefined) return undefined;
  const { settings, evaluator } = rule;
  const isShare = settings.kind === SHARE;
  const measurement = isShare && 'measurement' in settings ? settings.measurement : evaluator.measurement;
  return { isShare, measurement: typeof measurement === 'string' ? measurement : undefined };
}

/** The measurement that it judges for whole units; undefined: it judges none so, or is a finding. */
function sharedBy(rule: AlertRule): string | undefined {
  if (rule.settings.kind !== SHARE || !rule.evaluator.entityTags.includes('unit')) return undefined;
  const isFinding = rule.settings.levels.every(({ severity }) => severity === 'warning');
  return isFinding ? undefined : aspectOf(rule)?.measurement;
}

function factsOf({ alert, severity }: AlertTransition): SuppressibleAlert {
  const { isOpen: _isOpen, ...facts } = alert;
  return { ...facts, severity };
}
