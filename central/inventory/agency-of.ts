import type { Inventory } from './inventory.ts';

export type OwnedThings = Pick<Inventory, 'sites' | 'devices' | 'agents' | 'links' | 'services'>;

/** The agency that something of the inventory belongs to, such as `device:n-1`: its own, else that of the site it is at. Pure. */
export function agencyOf(ref: string, inventory: OwnedThings): string | undefined {
  const thing = thingOf(ref, inventory);
  return thing?.agency ?? (thing?.site === undefined ? undefined : inventory.sites.get(thing.site)?.agency);
}

function thingOf(
  ref: string,
  { sites, devices, agents, links, services }: OwnedThings,
): { readonly agency?: string | undefined; readonly site?: string } | undefined {
  const colon = ref.indexOf(':');
  const id = ref.slice(colon + 1);
  switch (ref.slice(0, colon)) {
    case 'site':
      return { agency: sites.get(id)?.agency };
    case 'device':
      return devices.get(id);
    case 'agent':
      return agents.get(id);
    case 'link':
      return { agency: links.get(id)?.agency };
    case 'service':
      return { agency: services.get(id)?.agency };
    default:
      return undefined;
  }
}
