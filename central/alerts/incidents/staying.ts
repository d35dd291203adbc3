import { isWithin, type Membership, type OpenAlert } from './incident.ts';
import type { Placing } from './placing.ts';

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

/** How long an alert may take to end once its root is well again: power that is back is an end, what is left of it gets better. Pure. */
export function returnMsOf({ facts, place }: Pick<OpenAlert, 'facts' | 'place'>): number {
  return place?.kind === 'power' && facts.rule === BATTERY_LOW ? RECHARGE_MS : RETURN_MS;
}

/**
 * Whether an alert stays with a root that explains it no longer: for a while, and as long as it is on its way to its end, or as nobody can say
 * more and the root is not found well. Notes when it began.
 */
export function staysBehind(alert: OpenAlert, place: Membership, placing: Placing, nowMs: number): boolean {
  if (nobodyKnows(alert, place, placing)) return true;
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

/** As after a start of central, or where nobody measures it any more while its root is down. */
function nobodyKnows(alert: OpenAlert, { incident, causeLostAtMs }: Membership, placing: Placing): boolean {
  const { root, head } = incident;
  if (root === undefined || causeLostAtMs !== undefined) return false;
  const isHeadOpen = head !== undefined && incident.members.has(head) && head.place?.relation === 'root';
  const state = placing.stateOf(root)?.state;
  return isHeadOpen && state !== undefined && state !== 'up' && !placing.isUp(alert);
}
