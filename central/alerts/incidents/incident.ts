import { isCovered, type Closing } from './closing.ts';
import type { Severity } from '../rules/severity.ts';
import { severityRank } from '../rules/severity.ts';
import type { Relation } from './cause.ts';
import type { SuppressibleAlert } from '../suppression/suppression.ts';

/** An alert that fired and is not over. */
export interface OpenAlert {
  facts: SuppressibleAlert;
  /** When it was first seen here, by central's clock. */
  readonly seenAtMs: number;
  /** It is clear, but not for long enough. */
  isRecovering: boolean;
  /** It tells of the last minutes to hours, and may have stood since an outage before this one. */
  readonly looksBack: boolean;
  place: Membership | undefined;
}

/** `alone`: nothing behind it is known. */
export type MemberRelation = Relation | 'alone';

export interface Membership {
  readonly incident: Incident;
  relation: MemberRelation;
  /** Of what is behind: because the way to it is down or cut, or because its site has no power. */
  kind: 'parent' | 'power';
  /** Nothing is down: it is one of several alerts with one cause. */
  isShared: boolean;
  /** Somebody was told of it before its root was known, or because it is graver than the head: that stays. */
  wasTold: boolean;
  /** Since when its root explains it no longer. */
  causeLostAtMs: number | undefined;
  /** When it was last seen on its way to its end since then. */
  recoveringAtMs?: number;
  /** Since then it only tells of what was before. */
  isEcho?: boolean;
  /** How grave it was then. */
  severityThen?: Severity;
}

/** An incident that is not over. */
export interface Incident {
  readonly id: string;
  /** What is down or cut; undefined: one alert by itself. */
  readonly root: string | undefined;
  readonly beganAtMs: number;
  head: OpenAlert | undefined;
  /** How it is shown, also once its head is over. */
  face: Face;
  /** Since when it waits for an alert of the root itself. */
  headlessSinceMs: number;
  /** Of its last head. */
  closing: Closing | undefined;
  /** Its last head that was told has ended by itself, and its root is well: the others follow it. */
  followed: Followed | undefined;
  /** When it found last that its head is to stay. */
  askedAtMs: number;
  severity: Severity;
  /** Those that are not over. */
  readonly members: Set<OpenAlert>;
  /** All that ever belonged to it. */
  alertCount: number;
  /** What was cut off because of the root, itself included. */
  readonly cutOff: Set<string>;
}

/** What is stored of an incident. */
export type KnownIncident = Omit<
  Incident,
  'members' | 'head' | 'headlessSinceMs' | 'askedAtMs' | 'closing' | 'followed'
>;

export interface Followed {
  readonly severity: Severity;
  readonly atMs: number;
  /** They had their time: only what is on its way to its end follows still. */
  isOver: boolean;
}

/** Of the last head; before there was one, of the first alert. */
export interface Face {
  readonly headAlert: string | undefined;
  readonly rule: string;
  readonly unit: string | undefined;
  readonly site: string | undefined;
}

/** A root that has no alert of its own yet may get one within this time: rules about states wait up to a minute. */
export const HEAD_WAIT_MS = 45_000;

/**
 * Pure, but for `isTold`: somebody hears of an alert, or will. The alert that stands for all others: one about the root itself, the gravest and
 * of those the oldest; where none is told for so long, the gravest and oldest of what hangs on it. One that was chosen stays, unless it is a
 * finding, stands in for the root's own, is kept quiet, or a graver one about the root is told.
 */
export function headOf(
  { root, head, headlessSinceMs, closing, followed, members }: Incident,
  nowMs: number,
  isTold: (alert: OpenAlert) => boolean,
): OpenAlert | undefined {
  const present = head !== undefined && members.has(head) ? head : undefined;
  if (root === undefined) return present ?? gravest([...members]);
  const chosen = present !== undefined && isTold(present) ? present : undefined;
  if (chosen !== undefined && isOwn(chosen)) {
    const rank = severityRank(chosen.facts.severity);
    const graver = [...members].filter(
      (alert) =>
        isOwn(alert) && severityRank(alert.facts.severity) > rank && alert.place?.causeLostAtMs === undefined,
    );
    return gravest(graver, isTold) ?? chosen;
  }
  const explained = [...members].filter(
    (alert) =>
      alert.place?.causeLostAtMs === undefined &&
      !isCovered(closing, alert.facts.severity) &&
      !isFollowing(alert, followed),
  );
  const own = explained.filter(isOwn);
  const toldOwn = gravest(own, isTold);
  if (toldOwn !== undefined) return toldOwn;
  if (chosen !== undefined && chosen.facts.severity !== 'warning') return chosen;
  const quiet = present ?? gravest(own);
  if (isWithin(headlessSinceMs, HEAD_WAIT_MS, nowMs)) return quiet;
  return gravest(explained, isTold) ?? quiet ?? gravest(explained);
}

/** It is no news: what stood for it is over, and it ends some minutes later than that. Pure. */
export function isFollowing({ facts, isRecovering }: OpenAlert, followed: Followed | undefined): boolean {
  if (followed === undefined || severityRank(facts.severity) > severityRank(followed.severity)) return false;
  return isRecovering || !followed.isOver;
}

/** False as well when central's time was set back meanwhile: nothing waits for hours because of that. Pure. */
export function isWithin(sinceMs: number, lengthMs: number, nowMs: number): boolean {
  return nowMs >= sinceMs && nowMs < sinceMs + lengthMs;
}

/** About the root itself. */
function isOwn({ place, facts }: OpenAlert): boolean {
  // A finding pages nobody, and stands for nothing.
  return place?.relation === 'alone' || (place?.relation === 'root' && facts.severity !== 'warning');
}

/** Of those that are `wanted`; not asked of more than need be. */
function gravest(
  alerts: readonly OpenAlert[],
  wanted: (alert: OpenAlert) => boolean = () => true,
): OpenAlert | undefined {
  return alerts.toSorted((a, b) => compare(a.facts, b.facts)).find(wanted);
}

function compare(a: SuppressibleAlert, b: SuppressibleAlert): number {
  return (
    severityRank(b.severity) - severityRank(a.severity) ||
    a.startedAtMs - b.startedAtMs ||
    (a.id < b.id ? -1 : 1)
  );
}
