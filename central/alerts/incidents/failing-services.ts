import type { OpenAlert } from './incident.ts';

interface FailingService {
  readonly alerts: Set<OpenAlert>;
  /** Ids of the services that it cannot do without, directly or over another. */
  needed: ReadonlySet<string>;
}

/** Whether two alerts may have the same cause, by the times at which they began. */
export type IsNear = (a: OpenAlert, b: OpenAlert) => boolean;

/** Open alerts about the city's services, by service, and which of these cannot do without which. No I/O. */
export class FailingServices {
  readonly #isNear: IsNear;
  readonly #byId = new Map<string, FailingService>();
  /** Ids of failing services, by that of one that they cannot do without, be it failing or not. */
  readonly #dependants = new Map<string, Set<string>>();
  readonly #serviceOf = new Map<OpenAlert, string>();

  constructor(isNear: IsNear) {
    this.#isNear = isNear;
  }

  /**
   * `needed`: ids of all services that it cannot do without; one and the same set as long as the inventory does not change. Returns the alerts
   * of others whose cause may be another one because of it: those to which an alert of this service was not near before.
   */
  add(alert: OpenAlert, service: string, needed: ReadonlySet<string>): readonly OpenAlert[] {
    this.remove(alert);
    const failing = this.#byId.get(service) ?? { alerts: new Set(), needed: new Set() };
    const isNew = (other: OpenAlert): boolean =>
      this.#isNear(other, alert) && !this.#isAnyNear(failing.alerts, other);
    this.#byId.set(service, failing);
    this.#serviceOf.set(alert, service);
    this.#learn(service, failing, needed);
    const concerned = new Set([...needed, ...(this.#dependants.get(service) ?? [])]);
    const found = [...concerned].flatMap((id) => [...(this.#byId.get(id)?.alerts ?? [])].filter(isNew));
    failing.alerts.add(alert);
    return found;
  }

  remove(alert: OpenAlert): void {
    const service = this.#serviceOf.get(alert);
    if (service === undefined) return;
    this.#serviceOf.delete(alert);
    const failing = this.#byId.get(service);
    failing?.alerts.delete(alert);
    if (failing?.alerts.size !== 0) return;
    this.#learn(service, failing, new Set());
    this.#byId.delete(service);
  }

  /** Of the services that this one cannot do without those that fail at the time of `alert`, and of several the last in each chain; by id. */
  blamedFor(service: string, alert: OpenAlert): readonly string[] {
    const needed = [...(this.#byId.get(service)?.needed ?? [])];
    return needed.filter((id) => this.#fails(id, alert) && !this.#needsAny(id, alert)).sort();
  }

  /** Others that fail at the time of `alert` cannot do without this service. */
  isBlamed(service: string, alert: OpenAlert): boolean {
    return [...(this.#dependants.get(service) ?? [])].some((id) => this.#fails(id, alert));
  }

  #learn(service: string, failing: FailingService, needed: ReadonlySet<string>): void {
    if (failing.needed === needed) return;
    for (const id of failing.needed) {
      const dependants = this.#dependants.get(id);
      dependants?.delete(service);
      if (dependants?.size === 0) this.#dependants.delete(id);
    }
    for (const id of needed)
      this.#dependants.set(id, (this.#dependants.get(id) ?? new Set<string>()).add(service));
    failing.needed = needed;
  }

  #needsAny(service: string, alert: OpenAlert): boolean {
    for (const id of this.#byId.get(service)?.needed ?? []) if (this.#fails(id, alert)) return true;
    return false;
  }

  #fails(service: string, alert: OpenAlert): boolean {
    return this.#isAnyNear(this.#byId.get(service)?.alerts ?? [], alert);
  }

  #isAnyNear(alerts: Iterable<OpenAlert>, alert: OpenAlert): boolean {
    for (const each of alerts) if (this.#isNear(each, alert)) return true;
    return false;
  }
}
