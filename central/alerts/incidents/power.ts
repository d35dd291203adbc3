import type { SuppressibleAlert } from '../suppression/suppression.ts';
import type { CauseView } from './cause.ts';
import type { OpenAlert } from './incident.ts';
import { siteOf, subjectsOf } from '../suppression/subjects.ts';

/** Shipped rules that say that a site has no power, or is about to have none. On battery alone it still has. */
const OUTAGE_RULES: ReadonlySet<string> = new Set(['power_no_output', 'power_runtime_low']);
const ON_BATTERY = 'power_on_battery';

/** Sites whose supply has failed, by the alerts that are open. */
export class PowerOutages {
  readonly #view: CauseView;
  readonly #isAbsence: (rule: string) => boolean;
  readonly #bySite = new Map<string, Set<OpenAlert>>();
  /** By the device that is the supply. */
  readonly #onBattery = new Map<string, OpenAlert>();

  constructor(view: CauseView, isAbsence: (rule: string) => boolean) {
    this.#view = view;
    this.#isAbsence = isAbsence;
  }

  add(alert: OpenAlert): void {
    const { rule, entity } = alert.facts;
    if (rule === ON_BATTERY && entity['device'] !== undefined) this.#onBattery.set(entity['device'], alert);
    const site = this.outageOf(alert);
    if (site === undefined) return;
    const known = this.#bySite.get(site);
    if (known === undefined) this.#bySite.set(site, new Set([alert]));
    else known.add(alert);
  }

  remove(alert: OpenAlert): void {
    const { device } = alert.facts.entity;
    if (device !== undefined && this.#onBattery.get(device) === alert) this.#onBattery.delete(device);
    if (!OUTAGE_RULES.has(alert.facts.rule)) return;
    for (const [site, alerts] of this.#bySite) {
      alerts.delete(alert);
      if (alerts.size === 0) this.#bySite.delete(site);
    }
  }

  /** Of a ref such as `site:s-1`: the alerts that say so. */
  at(ref: string): ReadonlySet<OpenAlert> {
    return this.#bySite.get(ref) ?? NONE;
  }

  /** The site of an alert that says that there is no power. */
  outageOf({ facts }: OpenAlert): string | undefined {
    return OUTAGE_RULES.has(facts.rule) ? this.#siteRef(facts) : undefined;
  }

  /** The site without power that explains the alert: what it is about is silent, or not found well. */
  explains({ facts }: OpenAlert): string | undefined {
    if (this.#bySite.size === 0 || OUTAGE_RULES.has(facts.rule)) return undefined;
    const site = this.#siteRef(facts);
    if (site === undefined || !this.#bySite.has(site)) return undefined;
    if (this.#isAbsence(facts.rule) || this.#isOfSameSupply(facts, site)) return site;
    const { states, places } = this.#view;
    for (const { ref } of subjectsOf(facts, places)) {
      const moment = states.momentOf(ref);
      if (moment !== undefined) return moment.state === 'up' ? undefined : site;
    }
    return undefined;
  }

  /** The supply that the alert is about has failed, or runs on battery: what is on its way to its end needs more than that. */
  isCut({ facts, isRecovering }: OpenAlert): boolean {
    const onBattery = this.#onBattery.get(facts.entity['device'] ?? '');
    if (!isRecovering && onBattery?.isRecovering === false) return true;
    const site = this.#siteRef(facts);
    return site !== undefined && this.#isOfSameSupply(facts, site);
  }

  /** Such as how little charge is left: it is part of the same outage. */
  #isOfSameSupply({ entity }: SuppressibleAlert, site: string): boolean {
    const { device } = entity;
    return device !== undefined && [...this.at(site)].some(({ facts }) => facts.entity['device'] === device);
  }

  #siteRef(facts: SuppressibleAlert): string | undefined {
    const site = siteOf(facts, this.#view.places);
    return site === undefined ? undefined : `site:${site}`;
  }
}

const NONE: ReadonlySet<OpenAlert> = new Set();
