import type { Link } from '../../../contract/inventory.ts';
import type { Inventory } from '../../inventory/inventory.ts';

/** A line between two sites; `target` is the site behind `source`. */
export interface PlannedLink {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  /** Of the target. */
  readonly unit: string | undefined;
  readonly capacityBps: number | undefined;
  /** The unit that gets its traffic over it, and the one that passes that on; undefined: none, the network itself. */
  readonly into: string | undefined;
  readonly outOf: string | undefined;
}

/** Which link a port is an end of. */
export interface PortOfLink {
  readonly link: PlannedLink;
  readonly end: 'source' | 'target';
}

export interface LinkPlan {
  /** Those that carry others first; at most 2,000. */
  readonly links: readonly PlannedLink[];
  /** Beyond. */
  readonly leftOut: number;
  /** By device, then by port. */
  readonly ports: ReadonlyMap<string, ReadonlyMap<string, PortOfLink>>;
}

type Places = Pick<Inventory, 'links' | 'sites'>;

export const MAX_LINKS = 2_000;

/** Pure. The lines of the inventory, and where each is measured. */
export function planLinks({ links, sites }: Places): LinkPlan {
  const carriers: PlannedLink[] = [];
  const others: PlannedLink[] = [];
  const ends = new Map<PlannedLink, Link['ends']>();
  for (const link of links.values()) {
    const ordered = fromTheCore(link, sites);
    const planned = planLink(link, ordered, sites);
    ends.set(planned, ordered);
    (sites.get(planned.target)?.kind === 'site' ? others : carriers).push(planned);
  }
  const all = [...carriers, ...others];
  const kept = all.slice(0, MAX_LINKS);
  return { links: kept, leftOut: all.length - kept.length, ports: portsOf(kept, ends) };
}

/** The end nearer to the core first; as declared where neither is behind the other. */
function fromTheCore({ ends }: Link, sites: Places['sites']): Link['ends'] {
  const [first, second] = ends;
  return sites.get(first.site)?.parents?.includes(second.site) === true ? [second, first] : ends;
}

function planLink(
  { id, capacityBps }: Link,
  [source, target]: Link['ends'],
  sites: Places['sites'],
): PlannedLink {
  const [from, to] = [sites.get(source.site), sites.get(target.site)];
  // What hubs and datacentres carry belongs to no unit, though they stand in one; nor does what stays within a unit.
  const isWithin = from?.kind === 'site' && to?.kind === 'site' && from.unit === to.unit;
  return {
    ...{ id, source: source.site, target: target.site, unit: to?.unit, capacityBps },
    into: to?.kind === 'site' && !isWithin ? to.unit : undefined,
    outOf: from?.kind === 'site' && !isWithin ? from.unit : undefined,
  };
}

function portsOf(
  links: readonly PlannedLink[],
  ends: ReadonlyMap<PlannedLink, Link['ends']>,
): LinkPlan['ports'] {
  const ports = new Map<string, Map<string, PortOfLink>>();
  const add = (end: PortOfLink['end'], link: PlannedLink, at: Link['ends'][number] | undefined): void => {
    if (at?.device === undefined || at.interface === undefined) return;
    const ofDevice = ports.get(at.device) ?? new Map<string, PortOfLink>();
    ports.set(at.device, ofDevice.set(at.interface, { link, end }));
  };
  for (const link of links) {
    const [source, target] = ends.get(link) ?? [];
    add('source', link, source);
    add('target', link, target);
  }
  return ports;
}
