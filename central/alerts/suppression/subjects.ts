import type { SuppressibleAlert } from './suppression.ts';

/** What of the inventory an alert is about. */
export interface Subject {
  /** Such as `device:n-1`. */
  readonly ref: string;
  /** The alert is about something at it: a port of the link, an agent at the site. */
  readonly isPart: boolean;
}

/** What is where, as the inventory has it now. */
export interface Places {
  hasDevice(id: string): boolean;
  hasSite(id: string): boolean;
  hasLink(id: string): boolean;
  /** The link that a port is an end of. */
  linkAt(device: string, port: string): string | undefined;
  siteOfDevice(id: string): string | undefined;
  siteOfAgent(id: string): string | undefined;
  devicesAt(site: string): readonly string[];
  /** Its routers and switches. */
  nodesAt(site: string): readonly string[];
  /** The link that ends at a site, where that is the only one. */
  onlyLinkAt(site: string): string | undefined;
  /** In words, such as `Hub 3`; the ref itself where it has no name. */
  nameOf(ref: string): string;
}

/**
 * From the part to the whole; none: nothing in the inventory. Pure.
 */
export function subjectsOf({ entity, site, agent }: SuppressibleAlert, places: Places): readonly Subject[] {
  const { link, interface: port } = entity;
  if (link !== undefined && places.hasLink(link)) return [{ ref: `link:${link}`, isPart: false }];
  const subjects: Subject[] = [];
  const machine = machineOf(entity, places);
  if (machine !== undefined) {
    const over = port === undefined ? undefined : places.linkAt(machine, port);
    if (over !== undefined) subjects.push({ ref: `link:${over}`, isPart: true });
    subjects.push({ ref: `device:${machine}`, isPart: false });
  }
  const at = siteOf({ entity, agent, ...(site !== undefined && { site }) }, places);
  if (at !== undefined) {
    const isPart = Object.keys(entity).some((tag) => tag !== 'site') || entity['site'] !== at;
    subjects.push({ ref: `site:${at}`, isPart });
  }
  return subjects;
}

/** The device of the inventory that an alert is about, or about something of it. Pure. */
export function machineOf(
  { device, host, agent }: SuppressibleAlert['entity'],
  places: Pick<Places, 'hasDevice'>,
): string | undefined {
  // A disk has the tag `device`, too; an agent on a server has the name of the machine.
  return [device, host, agent].find((id) => id !== undefined && places.hasDevice(id));
}

/** The site of what an alert is about. Pure. */
export function siteOf(
  { entity, site, agent }: Pick<SuppressibleAlert, 'entity' | 'site' | 'agent'>,
  places: Places,
): string | undefined {
  const { device, host, site: named } = entity;
  const known =
    (device !== undefined ? places.siteOfDevice(device) : undefined) ??
    (host !== undefined ? places.siteOfDevice(host) : undefined) ??
    named ??
    site ??
    places.siteOfAgent(entity['agent'] ?? agent);
  return known !== undefined && places.hasSite(known) ? known : undefined;
}
