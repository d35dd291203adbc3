import type { SuppressibleAlert } from '../suppression/suppression.ts';
import { machineOf, siteOf, type Places } from '../suppression/subjects.ts';
import type { Relation } from './cause.ts';
import { FailingServices } from './failing-services.ts';
import { isWithin, type OpenAlert } from './incident.ts';

/** What an alert reads, by its rule. */
export interface Aspect {
  /** undefined: no samples of one measurement. */
  readonly measurement: string | undefined;
  /** It judges many at once, such as the modems of a ward. */
  readonly isShare: boolean;
}

export interface SharedCausesDeps {
  readonly places: Places;
  readonly aspectOf: (rule: string) => Aspect | undefined;
  /** Whether a rule judges the measurement of a whole ward, and may so explain alerts about one device there. */
  readonly isShared: (measurement: string) => boolean;
  /** Ids of the city's services that one cannot do without, directly or over another; asked often, so one and the same set while nothing changes. */
  readonly neededBy: (service: string) => ReadonlySet<string>;
}

export interface SharedCause {
  /** Such as `unit:26737`, `link:up-1`. */
  readonly root: string;
  readonly relation: Relation;
  /** In words. */
  readonly reason: string;
}

/** Measurements of a line, taken at its end. */
const OF_LINES: ReadonlySet<string> = new Set(['ping', 'path', 'internet_speed']);
/** What users of the city's services see. */
const OF_SERVICES = 'service';
/** As a share begins: never with one or two. */
const MANY = 3;
const NONE: ReadonlySet<string> = new Set();
/** What began so long before the others has another cause. */
const TOGETHER_MS = 1_800_000;

/**
 * What open alerts have in common though nothing is down: a ward in which many modems are weak, a line on which everything that is measured is
 * bad, a service that others cannot do without. One of them stands for all.
 */
export class SharedCauses {
  readonly #deps: SharedCausesDeps;
  /** By unit and measurement, and by the site whose line it is about. */
  readonly #groups = new Map<string, Set<OpenAlert>>();
  readonly #keys = new Map<OpenAlert, readonly string[]>();
  readonly #services = new FailingServices(isNear);

  constructor(deps: SharedCausesDeps) {
    this.#deps = deps;
  }

  /** Also what has another place now. Returns those whose cause may be another one because of it. */
  add(alert: OpenAlert): Iterable<OpenAlert> {
    this.remove(alert);
    const { facts } = alert;
    const service = this.#serviceOf(facts);
    const others =
      service === undefined ? [] : this.#services.add(alert, service, this.#deps.neededBy(service));
    const keys = [this.#wardOf(facts), this.#lineOf(facts)].filter((key) => key !== undefined);
    if (keys.length === 0) return others;
    this.#keys.set(alert, keys);
    const groups = keys.flatMap((key) => {
      const group = this.#groups.get(key) ?? new Set();
      this.#groups.set(key, group.add(alert));
      return [...group];
    });
    return [...groups, ...others];
  }

  remove(alert: OpenAlert): void {
    this.#services.remove(alert);
    for (const key of this.#keys.get(alert) ?? []) {
      const group = this.#groups.get(key);
      group?.delete(alert);
      if (group?.size === 0) this.#groups.delete(key);
    }
    this.#keys.delete(alert);
  }

  /** undefined: it shares nothing with others that are open. */
  of(alert: OpenAlert): SharedCause | undefined {
    return this.#inWard(alert) ?? this.#onLine(alert) ?? this.#onService(alert);
  }

  /** Others may turn out to have the same cause within seconds. */
  mayShare(facts: SuppressibleAlert): boolean {
    const { measurement = '', isShare = false } = this.#deps.aspectOf(facts.rule) ?? {};
    if (isShare) return false;
    const isOfWard = this.#wardOf(facts) !== undefined && this.#deps.isShared(measurement);
    return isOfWard || this.#lineOf(facts) !== undefined || this.#neededBy(facts).size > 0;
  }

  /** It says so of a part of a ward, such as the modems of one operator; that of the whole ward may come within seconds. */
  isPartOfWard(facts: SuppressibleAlert): boolean {
    const isShare = this.#deps.aspectOf(facts.rule)?.isShare === true;
    return isShare && this.#wardOf(facts) !== undefined && Object.keys(facts.entity).length > 1;
  }

  #inWard(alert: OpenAlert): SharedCause | undefined {
    const key = this.#wardOf(alert.facts);
    const unit = unitOf(alert.facts);
    if (key === undefined || unit === undefined) return undefined;
    const near = [...(this.#groups.get(key) ?? [])].filter((each) => isNear(each, alert));
    const devices = new Set(near.map(({ facts }) => machineOf(facts.entity, this.#deps.places)));
    devices.delete(undefined);
    // Their rule takes some seconds longer to say so than those about each of them.
    if (!near.some((each) => this.#isFounder(each)) && devices.size < MANY) return undefined;
    const relation = this.#isShare(alert) ? 'root' : 'behind';
    return { root: `unit:${unit}`, relation, reason: 'many in the ward have it' };
  }

  /** All of one target: the device that probes it. Of several: the line that all of them lead over. */
  #onLine(alert: OpenAlert): SharedCause | undefined {
    const { places } = this.#deps;
    const key = this.#lineOf(alert.facts);
    if (key === undefined) return undefined;
    const line = places.onlyLinkAt(key);
    if (line === undefined) return undefined;
    const root = `link:${line}`;
    const cause = { root, relation: 'root', reason: 'all that is measured over the line is bad' } as const;
    if (alert.place?.incident.root === root) return cause;
    const others = [...(this.#groups.get(key) ?? [])].filter((each) => isNear(each, alert));
    // Findings alone are none: they page nobody.
    if (others.every(({ facts }) => facts.severity === 'warning')) return undefined;
    if (new Set(others.map(({ facts }) => targetOf(facts))).size > 1) return cause;
    const device = machineOf(alert.facts.entity, places);
    if (others.length < 2 || device === undefined) return undefined;
    return { root: `device:${device}`, relation: 'root', reason: 'several alerts are about the same target' };
  }

  /** A service that it cannot do without has the same trouble; or others have it that cannot do without this one. */
  #onService(alert: OpenAlert): SharedCause | undefined {
    const own = this.#serviceOf(alert.facts);
    if (own === undefined) return undefined;
    const [first] = this.#services.blamedFor(own, alert);
    if (first !== undefined)
      return { root: `service:${first}`, relation: 'behind', reason: `it cannot do without ${first}` };
    return this.#services.isBlamed(own, alert)
      ? { root: `service:${own}`, relation: 'root', reason: 'others cannot do without it' }
      : undefined;
  }

  #neededBy(facts: SuppressibleAlert): ReadonlySet<string> {
    const service = this.#serviceOf(facts);
    return service === undefined ? NONE : this.#deps.neededBy(service);
  }

  #serviceOf({ rule, entity }: SuppressibleAlert): string | undefined {
    return this.#deps.aspectOf(rule)?.measurement === OF_SERVICES ? entity['service'] : undefined;
  }

  /** It says so of the whole ward; a finding stands for nothing. */
  #isFounder(alert: OpenAlert): boolean {
    return this.#isShare(alert) && alert.facts.severity !== 'warning';
  }

  #isShare({ facts }: OpenAlert): boolean {
    return this.#deps.aspectOf(facts.rule)?.isShare === true;
  }

  #wardOf(facts: SuppressibleAlert): string | undefined {
    const measurement = this.#deps.aspectOf(facts.rule)?.measurement;
    const unit = unitOf(facts);
    return measurement === undefined || unit === undefined || !this.#deps.isShared(measurement)
      ? undefined
      : `${unit} ${measurement}`;
  }

  /** The site at the end of the line. */
  #lineOf(facts: SuppressibleAlert): string | undefined {
    const { places, aspectOf } = this.#deps;
    const { measurement, isShare } = aspectOf(facts.rule) ?? {};
    if (measurement === undefined || isShare === true || !OF_LINES.has(measurement)) return undefined;
    if (machineOf(facts.entity, places) === undefined) return undefined;
    const site = siteOf(facts, places);
    return site === undefined || places.onlyLinkAt(site) === undefined ? undefined : site;
  }
}

function unitOf({ entity, unit }: SuppressibleAlert): string | undefined {
  return entity['unit'] ?? unit;
}

function targetOf({ entity }: SuppressibleAlert): string {
  return [entity['device'] ?? entity['host'], entity['target'] ?? entity['url']].join(' ');
}

function isNear({ facts: a }: OpenAlert, { facts: b }: OpenAlert): boolean {
  return isWithin(
    Math.min(a.startedAtMs, b.startedAtMs),
    TOGETHER_MS,
    Math.max(a.startedAtMs, b.startedAtMs),
  );
}
