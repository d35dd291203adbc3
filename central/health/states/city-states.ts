import type { ElementKind, ElementRef, State, StateCounts, StateView } from './state-view.ts';

/** What changed of an element. */
export interface StateMoment {
  readonly state: State;
  readonly sinceMs: number;
  /** As in `StateView`. */
  readonly roots: readonly ElementRef[];
}

export interface StateChange {
  readonly ref: ElementRef;
  /** undefined: it was not expected before. */
  readonly before: StateMoment | undefined;
  /** undefined: it is not expected any more: retired, or no longer in the inventory. */
  readonly after: StateMoment | undefined;
  readonly atMs: number;
}

/** Must not throw or block; may read all states, which are settled by then. */
export type StateListener = (changes: readonly StateChange[]) => void;

/**
 * The state of everything that is expected today: in the inventory, installed, not retired. The one place that decides it: API, page,
 * history and all that follows from states ask here. Each call sees all evidence that has arrived.
 */
export interface CityStates {
  /** undefined: nothing of that name is expected today. */
  get(ref: string): StateView | undefined;
  /** Cheaper than `get`, without reason and evidence. */
  momentOf(ref: string): StateMoment | undefined;
  /** Of one kind, in the order of the inventory. */
  list(kind: ElementKind): Iterable<readonly [ElementRef, StateMoment]>;
  /** The devices about which agents disagree, with the agents: the one that is believed first. */
  disputed(): ReadonlyMap<ElementRef, readonly string[]>;
  /** Of all elements of one kind. */
  counts(kind: ElementKind): StateCounts;
  /** Of the devices of a unit or a site; undefined: no such place. */
  deviceCounts(place: string): StateCounts | undefined;
  /** Told together of all that changed at once, within half a second of the evidence; first changes of `roots` count, too. */
  onChange(listener: StateListener): void;
}
