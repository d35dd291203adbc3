import { ELEMENT_KINDS, STATES, type State } from '../state-view.ts';
import type { StateEngine } from '../create-city-states.ts';

/** What has a history: elements, and services. */
export const FOLLOWED_KINDS = [...ELEMENT_KINDS, 'service'] as const;
export type FollowedKind = (typeof FOLLOWED_KINDS)[number];

/** Those of elements, and `degraded`, which only services are. */
export const FOLLOWED_STATES = [...STATES, 'degraded'] as const;
export type FollowedState = (typeof FOLLOWED_STATES)[number];

/** What something was from some time on. */
export interface FollowedMoment {
  readonly state: FollowedState;
  readonly sinceMs: number;
  /** What it comes from, such as `site:hub-03`; at most 20. */
  readonly roots: readonly string[];
}

export interface FollowedChange {
  /** Such as `site:hub-03` or `service:1022`. */
  readonly ref: string;
  /** undefined: it was not expected before. */
  readonly before: FollowedMoment | undefined;
  /** undefined: it is not expected any more. */
  readonly after: FollowedMoment | undefined;
  readonly atMs: number;
}

/** A part of central that knows states, and tells of each change. */
export interface FollowedStates {
  /** All that is expected now. */
  list(): Iterable<readonly [ref: string, moment: FollowedMoment]>;
  onChange(listener: (changes: readonly FollowedChange[]) => void): void;
  /** What was known before central started, of whatever has a history: who turns out to be the same goes on since then. */
  restore(before: ReadonlyMap<string, Pick<FollowedMoment, 'state' | 'sinceMs'>>): void;
}

/** The elements of the city, as the history follows them. */
export function followElements(states: Pick<StateEngine, 'list' | 'onChange' | 'restore'>): FollowedStates {
  return {
    *list() {
      for (const kind of ELEMENT_KINDS) yield* states.list(kind);
    },
    onChange: (listener) => states.onChange(listener),
    restore: (before) => {
      const own = new Map<string, { readonly state: State; readonly sinceMs: number }>();
      for (const [ref, { state, sinceMs }] of before)
        if (state !== 'degraded') own.set(ref, { state, sinceMs });
      states.restore(own);
    },
  };
}
