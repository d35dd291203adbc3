import type { StateMoment } from './city-states.ts';
import { HeldState } from './held.ts';
import type { ElementKind, ElementRef, State } from './state-view.ts';

/** What is to blame: what is down or cut. */
export type Roots = readonly ElementRef[];
export const NO_ROOTS: Roots = [];

/** The state of one element; lives as long as the element is in the inventory. */
export class Standing {
  readonly kind: ElementKind;
  readonly ref: ElementRef;
  readonly #held = new HeldState<State>();
  /** Replaced, never changed: whoever was told of a change keeps it. */
  moment: StateMoment;
  // As in `moment`: looked at thousands of times.
  state: State = 'unknown';
  roots: Roots = NO_ROOTS;
  /** False: nobody was told of it yet. */
  isTold = false;
  /** Of the newest graph that has the element. */
  generation = 0;

  constructor(kind: ElementKind, ref: ElementRef, sinceMs: number) {
    this.kind = kind;
    this.ref = ref;
    this.moment = { state: this.state, sinceMs, roots: this.roots };
  }

  is(state: State, roots: Roots): boolean {
    return state === this.state && areSame(roots, this.roots);
  }

  set(state: State, roots: Roots, nowMs: number): void {
    const before = this.moment;
    const sinceMs =
      state === before.state ? before.sinceMs : (this.#held.sinceOf(state, before, nowMs) ?? nowMs);
    this.moment = { state, sinceMs, roots };
    this.state = state;
    this.roots = roots;
  }

  /** Central's time was set. */
  shift(stepMs: number): void {
    const { state, sinceMs, roots } = this.moment;
    this.moment = { state, sinceMs: sinceMs + stepMs, roots };
    this.#held.shift(stepMs);
  }

  /** From now on central is deaf. */
  hold(nowMs: number): void {
    this.#held.hold(this.moment, nowMs);
  }

  /** Central hears again. */
  endHold(nowMs: number): void {
    this.#held.endHold(nowMs);
  }

  /** What it was before central started. */
  restore(state: State, sinceMs: number, nowMs: number): void {
    if (this.state === 'unknown') this.#held.restore({ state, sinceMs }, nowMs);
  }
}

export function areSame(left: readonly string[], right: readonly string[]): boolean {
  return left === right || (left.length === right.length && left.every((each, at) => each === right[at]));
}
