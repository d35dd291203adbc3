import type { UnitState } from '../health/unit-summary.ts';

/** What each state is as a number: the gravest is the least, as `state_code` of the catalogue says. */
export const STATE_CODES: Readonly<Record<UnitState, number>> = {
  down: 0,
  unreachable: 1,
  unknown: 2,
  alert: 3,
  up: 4,
};

/** A text field must fit into a row. */
const MAX_CHARS = 300;

/** Pure. State, its code, and how long it has been so. */
export function stateFields(
  { state, sinceMs }: { readonly state: UnitState; readonly sinceMs: number },
  nowMs: number,
): { readonly state: string; readonly state_code: number; readonly state_s: number } {
  return { state, state_code: STATE_CODES[state], state_s: Math.max(0, nowMs - sinceMs) / 1_000 };
}

/** Pure. Nothing for an empty text. */
export function textField<Name extends string>(
  name: Name,
  text: string,
): { readonly [key in Name]?: string } {
  if (text === '') return {};
  return { [name]: text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS - 1)}…` : text } as {
    readonly [key in Name]?: string;
  };
}
