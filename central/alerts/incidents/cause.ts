import type { PresentStates } from '../../health/present-states.ts';
import type { ServiceView } from '../../health/services/service-view.ts';
import type { SuppressibleAlert } from '../suppression/suppression.ts';
import { subjectsOf, type Places, type Subject } from '../suppression/subjects.ts';

/** What an alert follows from. */
export interface Cause {
  /** What is down or cut, such as `site:hub-03`; never empty. */
  readonly roots: readonly string[];
  readonly relation: Relation;
  /** Nobody can say how a service is: its roots may be well. */
  readonly isSupposed: boolean;
}

/**
 * `root`: the alert is about that itself. `impact`: it says what that does to a service of the city. `behind`: it tells nothing of its own.
 */
export type Relation = 'root' | 'impact' | 'behind';

export interface CauseView {
  readonly states: Pick<PresentStates, 'momentOf'>;
  readonly places: Places;
  /** How a service of the city is; undefined: there is none of that name. */
  readonly serviceOf: (service: string) => ServiceNow | undefined;
}

/** Of a service of the city: its state and what that comes from, such as `site:hub-03`. */
export type ServiceNow = Pick<ServiceView, 'state' | 'roots'>;

/** `rootOf`: what stands for a root that the states name. */
type Causes = CauseView & { readonly rootOf: (ref: string) => string };

/** undefined: nothing but the alert itself. Pure: goes by the states as they are now. */
export function causeOf(alert: SuppressibleAlert, view: Causes): Cause | undefined {
  const { service } = alert.entity;
  if (service !== undefined) {
    const now = view.serviceOf(service);
    if (now === undefined || now.state === 'up' || now.roots.length === 0) return undefined;
    const roots = standingFor(now.roots, view);
    return { roots, relation: 'impact', isSupposed: now.state === 'unknown' };
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
    return certain(standingFor(moment.roots, view), 'behind');
  if (moment?.state !== 'down' && moment?.state !== 'unreachable') return undefined;
  // What is down at a site that stands for all of it says so of the site as well.
  if (ref.startsWith('device:')) return certain([view.rootOf(ref)], 'root');
  // Its nodes are what all behind it names.
  const nodes = moment.state === 'down' && ref.startsWith('site:') ? downNodes(ref, view) : [];
  const roots = nodes.length > 0 ? standingFor(nodes, view) : [ref];
  return certain(roots, isPart ? 'behind' : 'root');
}

function certain(roots: readonly string[], relation: Relation): Cause {
  return { roots, relation, isSupposed: false };
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
