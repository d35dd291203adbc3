import type { TokenLimits } from '../../access/limits.ts';
import type { AlertScope } from '../../alerts/history/alert-scope.ts';
import { isInScope } from '../../alerts/history/alert-scope.ts';
import type { AlertView } from '../../alerts/history/alert.ts';
import type { IncidentScope } from '../../alerts/incidents/incident-record.ts';
import type { Inventory } from '../../inventory/inventory.ts';

export type ReachInventory = Pick<Inventory, 'sites' | 'devices' | 'agents' | 'links' | 'services'>;

/** Kinds of what people name, with the ids of a caller's own. */
export const NAMED_KINDS = ['unit', 'site', 'device', 'agent', 'link', 'service', 'agency'] as const;
export type NamedKind = (typeof NAMED_KINDS)[number];

/** What a limited token sees and acts on, as the inventory is now. */
export class Reach {
  readonly #own: Readonly<Record<NamedKind, ReadonlySet<string>>>;
  /** Alerts in its units, and about what its agencies own. */
  readonly alerts: AlertScope;
  readonly incidents: IncidentScope;

  constructor(limits: TokenLimits, inventory: ReachInventory) {
    const { sites, devices, agents, links, services } = inventory;
    const units = new Set(limits.units);
    const agencies = new Set(limits.agencies);
    const isOwned = ({ agency }: { readonly agency?: string | undefined }): boolean =>
      agency !== undefined && agencies.has(agency);
    const ownSites = idsOf(sites, isOwned);
    const isAtOwned = (entry: { readonly site: string; readonly agency?: string | undefined }): boolean =>
      isOwned(entry) || ownSites.has(entry.site);
    this.alerts = {
      units,
      sites: ownSites,
      devices: idsOf(devices, isAtOwned),
      agents: idsOf(agents, isAtOwned),
      links: idsOf(links, isOwned),
      services: idsOf(services, isOwned),
    };
    const isIn = (entry: { readonly unit: string }): boolean => units.has(entry.unit);
    const allSites = union(ownSites, idsOf(sites, isIn));
    this.#own = {
      unit: units,
      agency: agencies,
      site: allSites,
      device: union(this.alerts.devices, idsOf(devices, isIn)),
      agent: union(this.alerts.agents, idsOf(agents, isIn)),
      link: union(
        this.alerts.links,
        idsOf(links, ({ ends }) => ends.every(({ site }) => allSites.has(site))),
      ),
      service: this.alerts.services,
    };
    const refs = (['site', 'device', 'link', 'service'] as const).flatMap((kind) =>
      [...this.#own[kind]].map((id) => `${kind}:${id}`),
    );
    this.incidents = { units, refs: new Set(refs) };
  }

  has(kind: NamedKind, id: string): boolean {
    return this.#own[kind].has(id);
  }

  /** Of a place of the inventory, such as a site or a device. */
  hasPlace(
    kind: 'site' | 'device' | 'agent',
    { id, unit }: { readonly id: string; readonly unit?: string },
  ): boolean {
    return this.has(kind, id) || (unit !== undefined && this.has('unit', unit));
  }

  /** Of a pool: at a place of its own, or owned by an agency of its own. */
  hasPool({ site, agency }: { readonly site: string; readonly agency?: string | undefined }): boolean {
    return this.has('site', site) || (agency !== undefined && this.has('agency', agency));
  }

  hasAlert(alert: Pick<AlertView, 'unit' | 'site' | 'entity'>): boolean {
    return isInScope(alert, this.alerts);
  }
}

function idsOf<T>(entries: ReadonlyMap<string, T>, isWanted: (entry: T) => boolean): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const [id, entry] of entries) if (isWanted(entry)) ids.add(id);
  return ids;
}

function union(one: ReadonlySet<string>, other: ReadonlySet<string>): ReadonlySet<string> {
  return other.size === 0 ? one : new Set([...one, ...other]);
}
