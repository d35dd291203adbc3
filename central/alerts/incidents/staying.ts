import { severityRank } from '../rules/severity.ts';
import { isWithin, type Incident, type Membership, type OpenAlert } from './incident.ts';
import type { Placing } from './placing.ts';
import type { PowerOutages } from './power.ts';

/** Once the root is well again, what was behind it has so long to come back: agents connect again, rules want it to last. */
export const RETURN_MS = 180_000;
/** A battery is charged for hours. What it cannot take at all is an alert of its own before that: `battery_not_charged`. */
const RECHARGE_MS = 86_400_000;
/**
 * One lost packet is a breach again, and no news: only one that lasts as long as what was behind a root may take. What is still so after this
 * time is: a new fault would be an alert by then.
 */
const RELAPSE_MS = 900_000;
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
  place.isEcho = placing.isEcho(alert);
  if (alert.isRecovering) place.recoveringAtMs = nowMs;
  return alert.isRecovering || place.isEcho || isWithin(place.causeLostAtMs, stayMsOf(alert), nowMs);
}

/** How long an alert stays after its root is well, unless it is on its way to its end by then, or tells only of what was before. Pure. */
export function stayMsOf(alert: Pick<OpenAlert, 'facts' | 'place'>): number {
  const { causeLostAtMs, recoveringAtMs } = alert.place ?? {};
  const ownMs = returnMsOf(alert);
  if (causeLostAtMs === undefined || recoveringAtMs === undefined) return ownMs;
  return Math.max(ownMs, Math.min(recoveringAtMs - causeLostAtMs + RETURN_MS, RELAPSE_MS));
}

/** Its root has been well for longer than what hung on it may take to come back: what is still open is only left of it. Pure. */
export function isOver({ members }: Pick<Incident, 'members'>, nowMs: number): boolean {
  if (members.size === 0) return false;
  return [...members].every(({ place }) => {
    const { causeLostAtMs } = place ?? {};
    return causeLostAtMs !== undefined && !isWithin(causeLostAtMs, RETURN_MS, nowMs);
  });
}

/** As after a start of central. A root that is known to be down explains what it shuts, and nothing that has another way. */
function nobodyKnows(alert: OpenAlert, { incident, causeLostAtMs }: Membership, placing: Placing): boolean {
  const { root, head } = incident;
  if (root === undefined || causeLostAtMs !== undefined) return false;
  const isHeadOpen = head !== undefined && incident.members.has(head) && head.place?.relation === 'root';
  return isHeadOpen && placing.stateOf(root)?.state === 'unknown' && !placing.isUp(alert);
}
