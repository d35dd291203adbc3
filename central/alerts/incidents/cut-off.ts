import type { PresentStates } from '../../health/present-states.ts';
import type { ServiceView } from '../../health/services/service-view.ts';
import type { Places } from '../suppression/subjects.ts';

/** What is named of one incident; a city has less. */
const MAX_NAMED = 20_000;

export interface CutOffSources {
  readonly states: Pick<PresentStates, 'list'>;
  readonly places: Pick<Places, 'siteOfDevice'>;
  readonly services: () => Iterable<Pick<ServiceView, 'id' | 'state' | 'roots'>>;
  /** What stands for a root that the states name. */
  readonly rootOf: (ref: string) => string;
}

export interface CutOffQuery {
  readonly roots: ReadonlySet<string>;
  /** Of them those that are sites without power: what is at one and not found well is off because of it. */
  readonly withoutPower: ReadonlySet<string>;
}

/** What is unreachable because of each root now, such as `device:n-1`, and the city's services that lose by it. Pure. */
export function cutOffBy(
  { roots, withoutPower }: CutOffQuery,
  { rootOf, ...sources }: CutOffSources,
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (root: string, ref: string): void => {
    const refs = found.get(root) ?? [];
    found.set(root, refs);
    // Several of its roots may be one.
    if (refs.length < MAX_NAMED && refs.at(-1) !== ref) refs.push(ref);
  };
  for (const kind of ['site', 'device', 'link'] as const) {
    for (const [ref, moment] of sources.states.list(kind)) {
      if (moment.state === 'up') continue;
      for (const each of moment.roots) {
        const root = rootOf(each);
        if (roots.has(root)) add(root, ref);
      }
      if (withoutPower.size === 0 || kind === 'link') continue;
      const site =
        kind === 'site' ? ref : `site:${sources.places.siteOfDevice(ref.slice('device:'.length)) ?? ''}`;
      if (withoutPower.has(site) && !moment.roots.includes(site)) add(site, ref);
    }
  }
  for (const { id, state, roots: blamed } of sources.services()) {
    if (state === 'up') continue;
    for (const each of blamed) {
      const root = rootOf(each);
      if (roots.has(root)) add(root, `service:${id}`);
    }
  }
  return found;
}
