import type { Service } from '../../../contract/inventory.ts';
import { machineOf } from '../../alerts/suppression/subjects.ts';
import { agencyOf, type OwnedThings } from '../../inventory/agency-of.ts';
import type { Inventory } from '../../inventory/inventory.ts';

/** Whose business an alert is, whatever hangs on it. */
export interface Belonging {
  readonly agency?: string | undefined;
  /** Ids: the one that it is about, and those that need what it is about, of others as well. */
  readonly services?: readonly string[] | undefined;
}

export interface OwnableAlert {
  readonly entity: Readonly<Record<string, string>>;
  readonly site?: string | undefined;
}

export type OwnersInventory = OwnedThings & Pick<Inventory, 'pools'>;

/** What a route asks of it: ids of the inventory. */
export interface OwnerRoute {
  readonly agencies?: readonly string[] | undefined;
  readonly services?: readonly string[] | undefined;
}

const NOBODYS: Belonging = {};

/** Whose business alerts are, as the inventory is now; not looked for where no route asks. */
export class AlertOwners {
  readonly #inventory: OwnersInventory;
  readonly #asksAgency: boolean;
  readonly #asksServices: boolean;
  #needing: { readonly of: OwnedThings['services']; readonly by: ReadonlyMap<string, string[]> } | undefined;

  constructor(inventory: OwnersInventory, routes: readonly OwnerRoute[]) {
    this.#inventory = inventory;
    this.#asksAgency = routes.some(({ agencies }) => agencies !== undefined);
    this.#asksServices = routes.some(({ services }) => services !== undefined);
  }

  of(alert: OwnableAlert): Belonging {
    if (!this.#asksAgency && !this.#asksServices) return NOBODYS;
    const ref = subjectOf(alert, this.#inventory);
    const agency = this.#asksAgency ? this.#agencyOf(ref, alert) : undefined;
    const services = this.#asksServices && ref !== undefined ? this.#servicesOn(ref) : [];
    return { ...(agency !== undefined && { agency }), ...(services.length > 0 && { services }) };
  }

  #agencyOf(ref: string | undefined, { entity, site }: OwnableAlert): string | undefined {
    const { sites, pools } = this.#inventory;
    // One id may have several resources, each with an owner of its own.
    const pool =
      ref?.startsWith(POOL) === true
        ? pools.find(({ id, resource }) => id === entity['pool'] && resource === entity['resource'])
        : undefined;
    if (pool !== undefined) return pool.agency ?? sites.get(pool.site)?.agency;
    const own = ref === undefined ? undefined : agencyOf(ref, this.#inventory);
    // A service is at no place: the site is where it was tried from.
    if (own !== undefined || site === undefined || ref?.startsWith(SERVICE) === true) return own;
    return sites.get(site)?.agency;
  }

  #servicesOn(ref: string): readonly string[] {
    const needing = this.#index();
    const found = new Set(ref.startsWith(SERVICE) ? [ref] : []);
    const next = [ref];
    for (let each = next.pop(); each !== undefined; each = next.pop())
      for (const service of needing.get(each) ?? [])
        if (!found.has(service)) {
          found.add(service);
          next.push(service);
        }
    return [...found].map((service) => service.slice(SERVICE.length));
  }

  /** Services that name each thing among their needs, both as refs. Another inventory has another map of services. */
  #index(): ReadonlyMap<string, string[]> {
    const { services } = this.#inventory;
    if (this.#needing?.of === services) return this.#needing.by;
    const by = new Map<string, string[]>();
    for (const service of services.values())
      for (const need of needsOf(service)) {
        const known = by.get(need);
        if (known === undefined) by.set(need, [SERVICE + service.id]);
        else known.push(SERVICE + service.id);
      }
    this.#needing = { of: services, by };
    return by;
  }
}

const SERVICE = 'service:';
const POOL = 'pool:';

function needsOf({ needs }: Pick<Service, 'needs'>): ReadonlySet<string> {
  return new Set(needs.flatMap((need) => (typeof need === 'string' ? [need] : need.anyOf)));
}

/** What of the inventory the alert is about, such as `device:n-1`; undefined: a unit, Wardwatch itself or what the inventory does not have. */
function subjectOf({ entity }: OwnableAlert, { devices, links }: OwnedThings): string | undefined {
  const { service, link, pool, agent, site } = entity;
  // Who measured it is not what it is about.
  if (service !== undefined) return SERVICE + service;
  // A radio has a tag `link`, too.
  if (link !== undefined && links.has(link)) return `link:${link}`;
  if (pool !== undefined) return POOL + pool;
  const machine = machineOf(entity, { hasDevice: (id) => devices.has(id) });
  if (machine !== undefined) return `device:${machine}`;
  if (agent !== undefined) return `agent:${agent}`;
  return site === undefined ? undefined : `site:${site}`;
}
