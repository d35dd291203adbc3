import { isOwnAlarm } from '../../alerts/history/own-alarm.ts';
import {
  SUPPRESSION_KINDS,
  type SuppressibleAlert,
  type Suppressor,
} from '../../alerts/suppression/suppression.ts';
import type { AlertFacts } from '../message/alert-facts.ts';

/** `waiting`: for one parent-detection window, in case what it is about turns out to hang on something that is down. */
export const HOLD_KINDS = [...SUPPRESSION_KINDS, 'waiting'] as const;
export type HoldKind = (typeof HOLD_KINDS)[number];

/** Why nobody is told of an alert yet. */
export interface HoldReason {
  readonly kind: HoldKind;
  /** Id of what suppresses it, such as `site:hub-03`; of one that waits, `parent_window`, `recovery` or `routes`. */
  readonly by: string;
  readonly reason: string;
  /** Unix ms; of `waiting` always known. */
  readonly untilMs?: number;
}

/** An open alert that nobody was told of, for exactly one reason. Times are Unix ms. */
export interface HeldAlert {
  /** As of its last step. */
  readonly facts: AlertFacts;
  readonly why: HoldReason;
  /** Since when for this reason. */
  readonly sinceMs: number;
  /** Since when for whatever reason. */
  readonly heldSinceMs: number;
}

export interface HoldDeps {
  readonly suppressor: Suppressor;
  /** Whether what the alert is about may hang on something that is about to be found down. */
  readonly mayHaveParent: (alert: SuppressibleAlert, nowMs: number) => boolean;
  /** How long finding that takes; 0: nothing waits. */
  readonly parentWindowMs: number;
}

/** Of what ends as the parent is well again or its site has power, the alert's own recovery takes a moment as well. */
const RECOVERING_AFTER: ReadonlySet<HoldKind> = new Set(['parent', 'power']);

/** Pure, but for what is asked. Why nobody is to be told that it begins; undefined: nothing speaks against it. */
export function reasonToHold(
  alert: SuppressibleAlert,
  deps: HoldDeps,
  nowMs: number,
): HoldReason | undefined {
  const suppression = deps.suppressor.suppressionOf(alert, nowMs);
  if (suppression !== undefined) return suppression;
  if (deps.parentWindowMs === 0 || (isOwnAlarm(alert) && alert.severity === 'critical')) return undefined;
  if (!deps.mayHaveParent(alert, nowMs)) return undefined;
  const reason = 'it may hang on something that is about to be found down';
  return { kind: 'waiting', by: 'parent_window', reason, untilMs: nowMs + deps.parentWindowMs };
}

/** Pure, but for what is asked. Why nobody is told of it now; undefined: it is to be told. */
export function reasonNow({ facts, why }: HeldAlert, deps: HoldDeps, nowMs: number): HoldReason | undefined {
  const suppression = deps.suppressor.suppressionOf(facts, nowMs);
  if (suppression !== undefined) return isSame(suppression, why) ? why : suppression;
  if (why.kind === 'waiting') {
    if (!isWaiting(why, deps, nowMs)) return undefined;
    return why.by === 'recovery' || deps.mayHaveParent(facts, nowMs) ? why : undefined;
  }
  if (!RECOVERING_AFTER.has(why.kind) || deps.parentWindowMs === 0) return undefined;
  const reason = `${why.by} is well again, so this may be over in a moment`;
  return { kind: 'waiting', by: 'recovery', reason, untilMs: nowMs + deps.parentWindowMs };
}

/** Whether it may still wait. A longer wait was written while central's time was ahead, or with another window. */
export function isWaiting(
  { untilMs = 0 }: HoldReason,
  { parentWindowMs }: Pick<HoldDeps, 'parentWindowMs'>,
  nowMs: number,
): boolean {
  return untilMs > nowMs && untilMs <= nowMs + parentWindowMs;
}

/** Its words may change all the time, such as counts in them: that is no other reason. */
function isSame(a: HoldReason, b: HoldReason): boolean {
  return a.kind === b.kind && a.by === b.by && a.untilMs === b.untilMs;
}
