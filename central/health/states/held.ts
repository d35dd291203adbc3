/** An agent announces ten minutes between two batches at most. */
const HOLD_MS = 600_000;

/** Agents fall silent one after the other before central knows that it is deaf. */
const DEAF_AFTER_MS = 120_000;

interface Moment<State> {
  readonly state: State;
  readonly sinceMs: number;
}

interface Held<State> extends Moment<State> {
  /** It was no longer so from then on. */
  readonly endedMs: number;
  /** Goes on if it turns out to be the same until then. */
  readonly untilMs: number;
}

/** What something was when central was last able to say: it goes on since then where it turns out to be the same. */
export class HeldState<State extends string> {
  #held: Held<State> | undefined;

  /** `before` has just become `state`. Undefined: it is so from now on. */
  sinceOf(state: State | 'unknown', before: Moment<State>, nowMs: number): number | undefined {
    const held = this.#held !== undefined && nowMs <= this.#held.untilMs ? this.#held : undefined;
    if (state !== 'unknown') this.#held = undefined;
    else {
      const { state: heldState, sinceMs } = before;
      this.#held ??= { state: heldState, sinceMs, endedMs: nowMs, untilMs: -Infinity };
    }
    return held?.state === state ? held.sinceMs : undefined;
  }

  /** Central's time was set. */
  shift(stepMs: number): void {
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
  hold({ state, sinceMs }: Moment<State>, nowMs: number): void {
    if (state !== 'unknown') {
      this.#held = { state, sinceMs, endedMs: nowMs, untilMs: Infinity };
    } else if (this.#held !== undefined && nowMs - this.#held.endedMs <= DEAF_AFTER_MS) {
      this.#held = { ...this.#held, untilMs: Infinity };
    }
  }

  /** Central hears again. */
  endHold(nowMs: number): void {
    if (this.#held?.untilMs === Infinity) this.#held = { ...this.#held, untilMs: nowMs + HOLD_MS };
  }

  /** What it was before central started. */
  restore({ state, sinceMs }: Moment<State>, nowMs: number): void {
    this.#held = { state, sinceMs, endedMs: nowMs, untilMs: nowMs + HOLD_MS };
  }
}
