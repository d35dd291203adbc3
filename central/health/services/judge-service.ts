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

const UP: NeedFinding = { state: 'up', blamed: [] };

/** Pure. A single need is as its thing; of a choice, at least `atLeast` members must be there. */
export function judgeNeed(need: Need, stateOf: (ref: string) => ThingState): NeedFinding {
  if (typeof need === 'string') {
    const found = stateOf(need);
    if (found.state === 'up') return UP;
    const state = found.state === 'unreachable' ? 'down' : found.state;
    return { state, blamed: [{ ref: need, ...found }] };
  }
  const { anyOf, atLeast = 1 } = need;
  const troubled: Needed[] = [];
  for (const ref of anyOf) {
    const found = stateOf(ref);
    if (found.state !== 'up') troubled.push({ ref, ...found });
  }
  if (troubled.length === 0 && atLeast <= anyOf.length) return UP;
  return judgeChoice(anyOf.length, troubled, atLeast);
}

/** `troubled`: the members that are not up. */
function judgeChoice(members: number, troubled: readonly Needed[], needed: number): NeedFinding {
  const inState = (...states: readonly ThingState['state'][]): Needed[] =>
    troubled.filter(({ state }) => states.includes(state));
  const lost = inState('down', 'unreachable');
  const unknown = inState('unknown');
  const weak = inState('degraded');
  const left = members - lost.length - unknown.length;
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
