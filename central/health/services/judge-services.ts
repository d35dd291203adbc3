import type { Service } from '../../../contract/inventory.ts';
import {
  judgeNeed,
  SERVICE_STATES,
  worstState,
  type NeedFinding,
  type ServiceState,
} from './judge-service.ts';
import { referencesOf, type ServiceGroup } from './service-groups.ts';
import { describeNeeds } from './service-reason.ts';
import { idIn, type StateOf, type ThingState } from './thing-state.ts';

export interface ServiceFinding {
  readonly state: ServiceState;
  /** One line, such as `sbc-2 down`. */
  readonly reason: string;
  /** What is down or cannot be told, at the end of all chains; at most 20. */
  readonly roots: readonly string[];
  /** When something it depends on last changed, Unix time, ms: its state is not younger. Undefined: not known. */
  readonly changedAtMs: number | undefined;
  /** Services that depend on each other, itself among them: a mistake in the inventory. */
  readonly circle?: readonly string[];
}

const MAX_ROOTS = 20;

/**
 * Pure. The state of each service follows what it needs. `groups` are in an order in which what a service needs comes
 * first. Those of a circle get the best state that fits all of them: one that is down takes the others along, and
 * nothing is down only because it says so of itself. `failed`: services that are down whatever they need.
 */
export function judgeServices(
  groups: readonly ServiceGroup[],
  stateOf: StateOf,
  failed: ReadonlySet<string> = new Set(),
): Map<string, ServiceFinding> {
  const found = new Map<string, ServiceFinding>();
  const stateOfNeed = (ref: string): ThingState => {
    if (!ref.startsWith('service:')) return stateOf(ref);
    const finding = found.get(idIn(ref));
    if (finding === undefined) return { state: 'unknown', roots: [] };
    return { state: finding.state, roots: finding.roots, sinceMs: finding.changedAtMs };
  };
  for (const { services, isCircle } of groups) {
    if (!isCircle) {
      for (const service of services) found.set(service.id, judge(service, stateOfNeed, failed));
      continue;
    }
    for (const { id } of services) found.set(id, UP);
    // States only get worse from round to round, and roots more, so that this ends.
    for (let isChanged = true; isChanged;) {
      isChanged = false;
      for (const service of services) {
        const before = found.get(service.id) ?? UP;
        const now = judge(service, stateOfNeed, failed);
        found.set(service.id, now);
        isChanged ||= isWorse(now, before);
      }
    }
    const circle = services.map(({ id }) => id).sort();
    for (const id of circle) found.set(id, { ...(found.get(id) ?? UP), circle });
  }
  return found;
}

const UP: ServiceFinding = {
  state: 'up',
  reason: 'all that it needs is up',
  roots: [],
  changedAtMs: undefined,
};

function isWorse(now: ServiceFinding, before: ServiceFinding): boolean {
  return (
    SERVICE_STATES.indexOf(now.state) > SERVICE_STATES.indexOf(before.state) ||
    now.roots.length > before.roots.length ||
    (now.changedAtMs ?? -Infinity) > (before.changedAtMs ?? -Infinity)
  );
}

function judge(service: Service, stateOf: StateOf, failed: ReadonlySet<string>): ServiceFinding {
  const findings = service.needs.map((need) => judgeNeed(need, stateOf));
  const changedAtMs = latest(referencesOf(service).map((ref) => stateOf(ref).sinceMs));
  if (failed.has(service.id))
    return { state: 'down', reason: 'down itself', roots: [`service:${service.id}`], changedAtMs };
  const state = worstState(findings.map((finding) => finding.state));
  return { state, reason: describeNeeds(state, findings), roots: rootsOf(findings), changedAtMs };
}

function rootsOf(findings: readonly NeedFinding[]): string[] {
  const roots = new Set<string>();
  for (const { state, blamed } of findings) {
    if (state === 'up') continue;
    for (const { ref, roots: its } of blamed) {
      for (const root of its.length > 0 ? its : [ref]) {
        if (roots.size < MAX_ROOTS) roots.add(root);
      }
    }
  }
  return [...roots];
}

function latest(timesMs: readonly (number | undefined)[]): number | undefined {
  return timesMs.reduce(
    (last, timeMs) => (timeMs !== undefined && (last === undefined || timeMs > last) ? timeMs : last),
    undefined,
  );
}
