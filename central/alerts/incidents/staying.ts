import { severityRank } from '../rules/severity.ts';
import { isWithin, type Membership, type OpenAlert } from './incident.ts';
import type { Placing } from './placing.ts';
import type { PowerOutages } from './power.ts';

/** Once the root is well again, what was behind it has so long to come back: agents connect again, rules want it to last. */
export const RETURN_MS = 180_000;
/** A battery is charged for hours. What it cannot take at all is an alert of its own before that: `battery_not_charged`. */
const RECHARGE_MS = 86_400_000;
const BATTERY_LOW = 'battery_low';

/**
 * How long an alert may take to end once its root is well again: power that is back is an end, what is left of it gets better. What gets graver
 * does not. Pure.
 */
export function returnMsOf({ facts, place }: Pick<OpenAlert, 'facts' | 'place'>): number {
  if (place?.kind !== 'power' || facts.rule !== BATTERY_LOW) return RETURN_MS;
  const { severityThen = facts.severity } = place;
  return severityRank(facts.severity) > severityRank(severityThen) ? RETURN_MS : RECHARGE_MS;
}

/** Whether the cut that an alert is left of is over, and its supply is cut once more. */
export function isOfFormerCut(alert: OpenAlert, power: Pick<PowerOutages, 'isCut'>, nowMs: number): boolean {
  const { kind, causeLostAtMs } = alert.place ?? {};
  if (kind !== 'power' || causeLostAtMs === undefined) return false;
  return !isWithin(causeLostAtMs, RETURN_MS, nowMs) && power.isCut(alert);
}

/**
 * Whether an alert stays with a root that explains it no longer: for a while, and as long as it is on its way to its end, or as nobody can say
 * more and the root is not found well. Notes when it began.
 */
export function staysBehind(alert: OpenAlert, place: Membership, placing: Placing, nowMs: number): boolean {
  if (nobodyKnows(alert, place, placing)) return true;
  if (place.causeLostAtMs === undefined) place.severityThen = alert.facts.severity;
  place.causeLostAtMs ??= nowMs;
  return alert.isRecovering || isWithin(place.causeLostAtMs, returnMsOf(alert), nowMs);
}

/** As after a start of central. A root that is known to be down explains what it shuts, and nothing that has another way. */
function nobodyKnows(alert: OpenAlert, { incident, causeLostAtMs }: Membership, placing: Placing): boolean {
  const { root, head } = incident;
  if (root === undefined || causeLostAtMs !== undefined) return false;
  const isHeadOpen = head !== undefined && incident.members.has(head) && head.place?.relation === 'root';
  return isHeadOpen && placing.stateOf(root)?.state === 'unknown' && !placing.isUp(alert);
}
