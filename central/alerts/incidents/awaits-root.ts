import { CENTRAL_AGENT } from '../../../contract/topics.ts';
import { subjectsOf } from '../suppression/subjects.ts';
import type { SuppressibleAlert } from '../suppression/suppression.ts';
import type { CauseView } from './cause.ts';
import { isWithin } from './incident.ts';
import { PARENT_WINDOW_MS } from './incident-view.ts';
import type { SharedCauses } from './shared-causes.ts';

export interface AwaitsRootDeps {
  readonly view: CauseView;
  /** Rules about silence. */
  readonly isAbsence: (rule: string) => boolean;
  readonly shared: Pick<SharedCauses, 'mayShare'>;
}

/** The root of an alert without one may become known shortly. */
export function awaitsRoot(
  alert: SuppressibleAlert,
  seenAtMs: number,
  nowMs: number,
  { view, isAbsence, shared }: AwaitsRootDeps,
): boolean {
  if (!isWithin(seenAtMs, PARENT_WINDOW_MS, nowMs) || alert.agent === CENTRAL_AGENT) return false;
  if (shared.mayShare(alert)) return true;
  const [first] = subjectsOf(alert, view.places).filter(({ ref }) => view.states.momentOf(ref) !== undefined);
  if (first === undefined) return false;
  // What is measured well is reached, but the agent at a place may be silent while others there are not.
  return isAbsence(alert.rule) || view.states.momentOf(first.ref)?.state !== 'up';
}
