import type { Service } from '../../../contract/inventory.ts';
import type { ThingState } from './thing-state.ts';

/** From the best to the worst. Of a chain the worst counts. */
export const SERVICE_STATES = ['up', 'degraded', 'unknown', 'down'] as const;
export type ServiceState = (typeof SERVICE_STATES)[number];

export interface Needed extends ThingState {
  readonly ref: string;
}

/** What one entry of `needs` says of its service. */
export interface NeedFinding {
  readonly state: ServiceState;
  /** What brings it to that state; of a choice that is up: members of which nobody can tell. */
  readonly blamed: readonly Needed[];
  /** Of a choice with too few members left: how many are left, and how many are needed. */
  readonly short?: { readonly left: number; readonly needed: number };
}

type Need = Service['needs'][number];

/** Pure. A single need is as its thing; of a choice, at least `atLeast` members must be there. */
export function judgeNeed(need: Need, stateOf: (ref: string) => ThingState): NeedFinding {
  if (typeof need === 'string') {
    const needed = { ref: need, ...stateOf(need) };
    const state = needed.state === 'unreachable' ? 'down' : needed.state;
    return { state, blamed: state === 'up' ? [] : [needed] };
  }
  return judgeChoice(
    need.anyOf.map((ref) => ({ ref, ...stateOf(ref) })),
    need.atLeast ?? 1,
  );
}

function judgeChoice(members: readonly Needed[], needed: number): NeedFinding {
  const inState = (...states: readonly ThingState['state'][]): Needed[] =>
    members.filter(({ state }) => states.includes(state));
  const lost = inState('down', 'unreachable');
  const unknown = inState('unknown');
  const weak = inState('degraded');
  const left = members.length - lost.length - unknown.length;
  if (left + unknown.length < needed) return { state: 'down', blamed: lost, short: { left, needed } };
  // Those of which nobody can tell may be there or not.
  if (left < needed) return { state: 'unknown', blamed: [...unknown, ...lost] };
  const standsOnWeak = left - weak.length < needed;
  if (lost.length > 0 || standsOnWeak)
    return { state: 'degraded', blamed: standsOnWeak ? [...lost, ...weak] : lost };
  return { state: 'up', blamed: unknown };
}

export function worstState(states: readonly ServiceState[]): ServiceState {
  return states.reduce<ServiceState>(
    (worst, state) => (SERVICE_STATES.indexOf(state) > SERVICE_STATES.indexOf(worst) ? state : worst),
    'up',
  );
}
