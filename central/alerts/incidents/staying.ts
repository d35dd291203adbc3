import { isWithin, type Membership, type OpenAlert } from './incident.ts';
import type { Placing } from './placing.ts';

/** Once the root is well again, what was behind it has so long to come back: agents connect again, rules want it to last. */
export const RETURN_MS = 180_000;

/**
 * Whether an alert stays with a root that explains it no longer: for a while, and as long as it is on its way to its end, or as nobody can say
 * more and the root is not found well. Notes when it began.
 */
export function staysBehind(alert: OpenAlert, place: Membership, placing: Placing, nowMs: number): boolean {
  if (nobodyKnows(alert, place, placing)) return true;
  place.causeLostAtMs ??= nowMs;
  return alert.isRecovering || isWithin(place.causeLostAtMs, RETURN_MS, nowMs);
}

/** As after a start of central. */
function nobodyKnows(alert: OpenAlert, { incident, causeLostAtMs }: Membership, placing: Placing): boolean {
  const { root, head } = incident;
  if (root === undefined || causeLostAtMs !== undefined) return false;
  const isHeadOpen = head !== undefined && incident.members.has(head) && head.place?.relation === 'root';
  return isHeadOpen && placing.stateOf(root)?.state === 'unknown' && !placing.isUp(alert);
}
