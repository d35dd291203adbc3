import type { StateMoment } from './city-states.ts';
import type { ElementRef, State } from './state-view.ts';

/** What is to blame: what is down or cut. */
export type Roots = readonly ElementRef[];
export const NO_ROOTS: Roots = [];

/** An agent announces ten minutes between two batches at most. */
const HOLD_MS = 600_000;

/** Agents fall silent one after the other before central knows that it is deaf. */
const DEAF_AFTER_MS = 120_000;

interface Held {
  readonly state: State;
  readonly sinceMs: number;
  /** It was no longer so from then on. */
  readonly endedMs: number;
  /** Goes on if it turns out to be the same until then. */
  readonly untilMs: number;
}

/** The state of one element; lives as long as the element is in the inventory. */
export class Standing {
  readonly ref: ElementRef;
  state: State = 'unknown';
  sinceMs: number;
  roots: Roots = NO_ROOTS;
  /** What it was when central was last able to say. */
  #held: Held | undefined;
  /** False: nobody was told of it yet. */
  isTold = false;

  constructor(ref: ElementRef, sinceMs: number) {
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
    const { state: before, sinceMs } = this;
    this.state = state;
    const held = this.#held !== undefined && nowMs <= this.#held.untilMs ? this.#held : undefined;
    this.sinceMs = held?.state === state ? held.sinceMs : nowMs;
    if (state !== 'unknown') this.#held = undefined;
    else this.#held ??= { state: before, sinceMs, endedMs: nowMs, untilMs: -Infinity };
  }

  /** Central's time was set. */
  shift(stepMs: number): void {
    this.sinceMs += stepMs;
    if (this.#held === undefined) return;
    const { state, sinceMs, endedMs, untilMs } = this.#held;
    this.#held = {
      state,
      sinceMs: sinceMs + stepMs,
      endedMs: endedMs + stepMs,
      untilMs: untilMs + stepMs,
    };
  }

  /** From now on central is deaf. */
  hold(nowMs: number): void {
    if (this.state !== 'unknown') {
      this.#held = { state: this.state, sinceMs: this.sinceMs, endedMs: nowMs, untilMs: Infinity };
    } else if (this.#held !== undefined && nowMs - this.#held.endedMs <= DEAF_AFTER_MS) {
      this.#held = { ...this.#held, untilMs: Infinity };
    }
  }

  /** Central hears again. */
  endHold(nowMs: number): void {
    if (this.#held?.untilMs === Infinity) this.#held = { ...this.#held, untilMs: nowMs + HOLD_MS };
  }

  /** What it was before central started. */
  restore(state: State, sinceMs: number, nowMs: number): void {
    if (this.state !== 'unknown') return;
    this.#held = { state, sinceMs, endedMs: nowMs, untilMs: nowMs + HOLD_MS };
  }
}

export function areSame(left: readonly string[], right: readonly string[]): boolean {
  return left === right || (left.length === right.length && left.every((each, at) => each === right[at]));
}
