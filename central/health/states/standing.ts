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
  state: State = 'unknown';
  sinceMs: number;
  roots: Roots = NO_ROOTS;
  readonly #held = new HeldState<State>();
  /** False: nobody was told of it yet. */
  isTold = false;

  constructor(kind: ElementKind, ref: ElementRef, sinceMs: number) {
    this.kind = kind;
    this.ref = ref;
    this.sinceMs = sinceMs;
  }

  get moment(): StateMoment {
    const { state, sinceMs, roots } = this;
    return { state, sinceMs, roots };
  }

  is(state: State, roots: Roots): boolean {
    return state === this.state && areSame(roots, this.roots);
  }

  set(state: State, roots: Roots, nowMs: number): void {
    this.roots = roots;
    if (state === this.state) return;
    const since = this.#held.sinceOf(state, this, nowMs);
    this.state = state;
    this.sinceMs = since ?? nowMs;
  }

  /** Central's time was set. */
  shift(stepMs: number): void {
    this.sinceMs += stepMs;
    this.#held.shift(stepMs);
  }

  /** From now on central is deaf. */
  hold(nowMs: number): void {
    this.#held.hold(this, nowMs);
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
