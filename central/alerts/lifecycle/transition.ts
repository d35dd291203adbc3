import { isFired, levelOf, phaseOf, type AlertState } from './alert-state.ts';

/**
 * `started`: first breach. `fired`: lasted `for`. `escalated`, `deescalated`: another severity, the same alert.
 * `recovering`: clear, `clearFor` runs. `relapsed`: in breach again before that was over. `resolved`: over.
 * `withdrawn`: its rule is gone or judges something else now.
 */
export const EVENT_KINDS = [
  'started',
  'fired',
  'escalated',
  'deescalated',
  'recovering',
  'relapsed',
  'resolved',
  'withdrawn',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Pure. What the operator is told of a step; undefined when nothing changed for him. */
export function transitionOf(
  before: AlertState | undefined,
  after: AlertState | undefined,
): Exclude<EventKind, 'started' | 'withdrawn'> | undefined {
  const was = before !== undefined && isFired(before);
  const is = after !== undefined && isFired(after);
  if (!was) return is ? 'fired' : undefined;
  if (!is) return 'resolved';
  const change = levelOf(after) - levelOf(before);
  if (change !== 0) return change > 0 ? 'escalated' : 'deescalated';
  if (phaseOf(before) === phaseOf(after)) return undefined;
  return phaseOf(after) === 'recovering' ? 'recovering' : 'relapsed';
}
