import type { PresentStates } from '../../health/present-states.ts';
import type { SuppressibleAlert } from '../suppression/suppression.ts';
import { subjectsOf, type Places, type Subject } from '../suppression/subjects.ts';

/** What an alert follows from. */
export interface Cause {
  /** What is down or cut, such as `site:hub-03`; never empty. */
  readonly roots: readonly string[];
  readonly relation: Relation;
}

/**
 * `root`: the alert is about that itself. `impact`: it says what that does to a service of the city. `behind`: it tells nothing of its own.
 */
export type Relation = 'root' | 'impact' | 'behind';

export interface CauseView {
  readonly states: Pick<PresentStates, 'momentOf'>;
  readonly places: Places;
  /** What a service of the city loses by; none: it is up, or there is no such service. */
  readonly serviceRoots: (service: string) => readonly string[];
}

/** undefined: nothing but the alert itself. Pure: goes by the states as they are now. */
export function causeOf(alert: SuppressibleAlert, view: CauseView): Cause | undefined {
  const { service } = alert.entity;
  if (service !== undefined) {
    const roots = view.serviceRoots(service);
    return roots.length === 0 ? undefined : { roots, relation: 'impact' };
  }
  for (const subject of subjectsOf(alert, view.places)) {
    const cause = causeAt(subject, view);
    if (cause !== undefined) return cause;
    // What is measured well is reached.
    if (subject.ref.startsWith('device:') && view.states.momentOf(subject.ref)?.state === 'up')
      return undefined;
  }
  return undefined;
}

function causeAt({ ref, isPart }: Subject, view: CauseView): Cause | undefined {
  const moment = view.states.momentOf(ref);
  if (moment?.state === 'unreachable' && moment.roots.length > 0 && !moment.roots.includes(ref))
    return { roots: moment.roots, relation: 'behind' };
  if (moment?.state !== 'down' && moment?.state !== 'unreachable') return undefined;
  if (ref.startsWith('device:')) return ofDevice(ref, view);
  // Its nodes are what all behind it names.
  const nodes = moment.state === 'down' && ref.startsWith('site:') ? downNodes(ref, view) : [];
  if (nodes.length > 0) return { roots: nodes, relation: isPart ? 'behind' : 'root' };
  return { roots: [ref], relation: isPart ? 'behind' : 'root' };
}

/** Of one that is down: where the site has no nodes and is down, it is one of the things that are down there. */
function ofDevice(ref: string, { states, places }: CauseView): Cause {
  const site = places.siteOfDevice(idOf(ref));
  const isSiteDown =
    site !== undefined &&
    places.nodesAt(site).length === 0 &&
    states.momentOf(`site:${site}`)?.state === 'down';
  return isSiteDown ? { roots: [`site:${site}`], relation: 'behind' } : { roots: [ref], relation: 'root' };
}

/** All nodes of a site that are expected today, if all of them are down; else none. */
function downNodes(ref: string, { states, places }: CauseView): readonly string[] {
  const nodes = places
    .nodesAt(idOf(ref))
    .map((id) => `device:${id}`)
    .filter((node) => states.momentOf(node) !== undefined);
  return nodes.every((node) => states.momentOf(node)?.state === 'down') ? nodes : [];
}

function idOf(ref: string): string {
  return ref.slice(ref.indexOf(':') + 1);
}
