import type { NamedKind, Reach, ReachInventory } from './reach.ts';

/** Whether anything of the caller's own is this, is in it, or belongs to it: a list that is filtered by it then tells of that. Pure. */
export function hasOwnIn(reach: Reach, inventory: ReachInventory, kind: NamedKind, id: string): boolean {
  if (reach.has(kind, id)) return true;
  const { sites, devices, agents, links, services } = inventory;
  const own = <T>(of: NamedKind, entries: ReadonlyMap<string, T>): T[] =>
    [...entries].flatMap(([each, entry]) => (reach.has(of, each) ? [entry] : []));
  const ends = () => own('link', links).flatMap((link) => link.ends);
  switch (kind) {
    case 'unit':
      return (
        [...own('site', sites), ...own('device', devices), ...own('agent', agents)].some(
          ({ unit }) => unit === id,
        ) || ends().some(({ site }) => sites.get(site)?.unit === id)
      );
    case 'site':
      return [...own('device', devices), ...own('agent', agents), ...ends()].some(({ site }) => site === id);
    case 'device':
      return ends().some(({ device }) => device === id);
    case 'agent':
      return own('device', devices).some(
        ({ agent, otherAgents }) => agent === id || otherAgents?.includes(id) === true,
      );
    case 'agency':
      return (
        [...own('site', sites), ...own('link', links), ...own('service', services)].some(
          ({ agency }) => agency === id,
        ) ||
        [...own('device', devices), ...own('agent', agents)].some(
          ({ agency, site }) => (agency ?? sites.get(site)?.agency) === id,
        )
      );
    case 'link':
    case 'service':
      return false;
  }
}
