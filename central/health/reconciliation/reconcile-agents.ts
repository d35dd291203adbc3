import type { ExpectedAgent } from '../../../contract/inventory.ts';
import type { AgentView } from '../../liveness/agent-view.ts';
import type { PresentState } from '../present-states.ts';
import { isInService } from '../states/in-service.ts';
import type { Finding } from './finding.ts';
import { isRetired, type Moment } from './reconcile-devices.ts';

/** How one agent differs from what should be; undefined: it does not. `expected`: its entry, if the inventory has one. Pure. */
export function reconcileAgent(
  view: AgentView,
  expected: ExpectedAgent | undefined,
  siteState: PresentState['state'] | undefined,
  { day, startOf, isDeaf }: Moment,
): Finding | undefined {
  const { id, site, unit, phase, firstSeenAtMs, lastSeenAtMs } = view;
  const found = (kind: Finding['kind'], detail: string, sinceMs: number | undefined): Finding => ({
    ...{ kind, what: 'agent', id, agents: [] },
    ...(site !== undefined && { site }),
    ...(unit !== undefined && { unit }),
    ...(sinceMs !== undefined && { sinceMs }),
    detail,
  });
  if (expected === undefined)
    return phase === 'live'
      ? found('unexpected', 'it reports, and the inventory lacks it', firstSeenAtMs)
      : undefined;
  const { installedOn, retiredOn = '' } = expected;
  if (isRetired(expected, day)) {
    if (phase !== 'live') return undefined;
    return found('retired_reporting', `retired on ${retiredOn}, and still reports`, startOf(retiredOn));
  }
  if (!isInService(expected, day) || phase === 'live') return undefined;
  if (phase === 'never_seen') {
    const since = installedOn === undefined ? undefined : startOf(installedOn);
    return found('never_seen', 'it has never reported', since);
  }
  // Its site is behind a root that is named elsewhere: it may well run.
  if (isDeaf || siteState === 'unreachable') return undefined;
  const detail = phase === 'stopped' ? 'it was stopped, and has not come back' : 'it reports no more';
  return found('silent', detail, lastSeenAtMs);
}
