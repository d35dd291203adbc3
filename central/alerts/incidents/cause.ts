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
  /** A service of the city works, fully or with less to fall back on. */
  readonly isServing: (service: string) => boolean;
}

/** `rootOf`: what stands for a root that the states name. */
type Causes = CauseView & { readonly rootOf: (ref: string) => string };

/** undefined: nothing but the alert itself. Pure: goes by the states as they are now. */
export function causeOf(alert: SuppressibleAlert, view: Causes): Cause | undefined {
  const { service } = alert.entity;
  if (service !== undefined) {
    const roots = standingFor(view.serviceRoots(service), view);
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

function causeAt({ ref, isPart }: Subject, view: Causes): Cause | undefined {
  const moment = view.states.momentOf(ref);
  if (moment?.state === 'unreachable' && moment.roots.length > 0 && !moment.roots.includes(ref))
    return { roots: standingFor(moment.roots, view), relation: 'behind' };
  if (moment?.state !== 'down' && moment?.state !== 'unreachable') return undefined;
  // What is down at a site that stands for all of it says so of the site as well.
  if (ref.startsWith('device:')) return { roots: [view.rootOf(ref)], relation: 'root' };
  // Its nodes are what all behind it names.
  const nodes = moment.state === 'down' && ref.startsWith('site:') ? downNodes(ref, view) : [];
  const roots = nodes.length > 0 ? standingFor(nodes, view) : [ref];
  return { roots, relation: isPart ? 'behind' : 'root' };
}

function standingFor(roots: readonly string[], { rootOf }: Pick<Causes, 'rootOf'>): readonly string[] {
  return [...new Set(roots.map(rootOf))];
}

/** Those nodes of a site that are down, if none of those that are expected today can be reached; else none. */
function downNodes(ref: string, { states, places }: CauseView): readonly string[] {
  const nodes = places
    .nodesAt(ref.slice('site:'.length))
    .map((id) => [`device:${id}`, states.momentOf(`device:${id}`)?.state] as const)
    .filter(([, state]) => state !== undefined);
  return nodes.every(([, state]) => state === 'down' || state === 'unreachable')
    ? nodes.flatMap(([node, state]) => (state === 'down' ? node : []))
    : [];
}
