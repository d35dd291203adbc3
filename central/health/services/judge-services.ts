import type { Service } from '../../../contract/inventory.ts';
import { because, type Reason } from '../../../contract/reasons/reason-codes.ts';
import { judgeNeed, worstState, type NeedFinding, type ServiceState } from './judge-service.ts';
import type { ServiceGroup } from './service-groups.ts';
import { whyNeeds } from './service-reason.ts';
import { idIn, type StateOf, type ThingState } from './thing-state.ts';

export interface ServiceFinding {
  readonly state: ServiceState;
  /** Such as `sbc-2 down`. */
  readonly reasons: readonly Reason[];
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
    if (!ref.startsWith(SERVICE)) return stateOf(ref);
    const finding = found.get(idIn(ref));
    if (finding === undefined) return { state: 'unknown', roots: [] };
    return { state: finding.state, roots: finding.roots, sinceMs: finding.changedAtMs };
  };
  for (const { services, isCircle } of groups) {
    if (isCircle) judgeCircle(services, { found, stateOf: stateOfNeed, failed });
    else for (const service of services) found.set(service.id, judge(service, stateOfNeed, failed));
  }
  return found;
}

interface Judging {
  readonly found: Map<string, ServiceFinding>;
  readonly stateOf: StateOf;
  readonly failed: ReadonlySet<string>;
}

function judgeCircle(services: readonly Service[], { found, stateOf, failed }: Judging): void {
  const circle = services.map(({ id }) => id).sort();
  const refs = new Set(circle.map((id) => SERVICE + id));
  for (const id of circle) found.set(id, UP);
  // States only get worse from round to round, and times later, so that this ends.
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (const service of services) {
      const before = found.get(service.id) ?? UP;
      const { state, changedAtMs } = judge(service, stateOf, failed);
      if (state === before.state && changedAtMs === before.changedAtMs) continue;
      found.set(service.id, { ...UP, state, changedAtMs });
      isChanged = true;
    }
  }
  // What hits one of them hits all: they share what comes from outside the circle.
  const shared = new Set(circle.map((id) => SERVICE + id).filter((ref) => failed.has(idIn(ref))));
  for (const service of services) {
    for (const root of rootsOf(judgeNeeds(service, stateOf), (ref) => !refs.has(ref))) shared.add(root);
  }
  const roots = [...shared].slice(0, MAX_ROOTS);
  for (const id of circle) {
    const finding = found.get(id) ?? UP;
    found.set(id, { ...finding, roots: finding.state === 'up' ? [] : roots });
  }
  for (const service of services) {
    const finding = found.get(service.id) ?? UP;
    const { reasons } = judge(service, stateOf, failed);
    found.set(service.id, { ...finding, reasons, circle });
  }
}

const SERVICE = 'service:';
const UP: ServiceFinding = { state: 'up', reasons: [], roots: [], changedAtMs: undefined };

function judgeNeeds({ needs }: Service, stateOf: StateOf): NeedFinding[] {
  return needs.map((need) => judgeNeed(need, stateOf));
}

function judge(service: Service, stateOf: StateOf, failed: ReadonlySet<string>): ServiceFinding {
  let changedAtMs: number | undefined;
  const findings = judgeNeeds(service, (ref) => {
    const found = stateOf(ref);
    const { sinceMs } = found;
    if (sinceMs !== undefined && (changedAtMs === undefined || sinceMs > changedAtMs)) changedAtMs = sinceMs;
    return found;
  });
  if (failed.has(service.id))
    return { state: 'down', reasons: [because('down_itself')], roots: [SERVICE + service.id], changedAtMs };
  const state = worstState(findings.map((finding) => finding.state));
  return { state, reasons: whyNeeds(state, findings), roots: rootsOf(findings), changedAtMs };
}

/** `isWanted`: of which needs. */
function rootsOf(
  findings: readonly NeedFinding[],
  isWanted: (ref: string) => boolean = () => true,
): string[] {
  const roots = new Set<string>();
  for (const { state, blamed } of findings) {
    if (state === 'up') continue;
    for (const { ref, roots: its } of blamed) {
      if (!isWanted(ref)) continue;
      for (const root of its.length > 0 ? its : [ref]) {
        if (roots.size < MAX_ROOTS) roots.add(root);
      }
    }
  }
  return [...roots];
}
