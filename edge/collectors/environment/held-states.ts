import type { Sample } from '../../../contract/sample.ts';
import { MAX_SENSORS } from './last-seen.ts';

/** States that hold until the sensor sends another. */
const STATES = ['door_open', 'water_leak', 'smoke'];
const EVERY_MS = 60_000;
/** How long a cleared state is repeated: longer than the rules' `for:`. */
const CLEAR_FOR_MS = 10 * 60_000;

/** Times are Unix times, so that they stay valid through a restart. */
export interface Held {
  readonly tags: Sample['tags'];
  readonly states: Readonly<Record<string, boolean>>;
  /** When the sensor last sent. */
  readonly heardAtMs: number;
  readonly saidAtMs: number;
  /** Missing: until the sensor sends another. */
  readonly untilMs?: number | undefined;
}

/**
 * Report by exception: such sensors send only changes, and rules need repeated values for `for:` to elapse. An open door,
 * water or smoke is re-emitted each minute, until the sensor sends another state or nothing for too long; a cleared state
 * for ten minutes.
 */
export class HeldStates {
  readonly #silentAfterMs: number;
  readonly #held = new Map<string, Held>();

  constructor(silentAfterMs: number) {
    this.#silentAfterMs = silentAfterMs;
  }

  /** States from before a restart. */
  restore(held: readonly Held[]): void {
    for (const one of held) this.#held.set(JSON.stringify(one.tags), one);
  }

  get all(): readonly Held[] {
    return [...this.#held.values()];
  }

  /** Records a sample; true when the held states have changed. One that is older than what is known changes nothing. */
  record({ tags, fields, timeMs }: Omit<Sample, 'measurement'>, nowMs: number): boolean {
    if (nowMs - timeMs > this.#silentAfterMs) return false;
    const received = STATES.flatMap((state) => {
      const value = fields[state];
      return typeof value === 'boolean' ? [[state, value] as const] : [];
    });
    if (received.length === 0) return false;
    const key = JSON.stringify(tags);
    const before = this.#held.get(key);
    if (before === undefined && this.#held.size >= MAX_SENSORS) return false;
    // A time ahead of the clock, as before the clock was put back, is no order.
    if (before !== undefined && before.heardAtMs <= nowMs && timeMs < before.heardAtMs) return false;
    const isChange = received.some(([state, value]) => before?.states[state] !== value);
    const states = { ...before?.states, ...Object.fromEntries(received) };
    const isClear = !Object.values(states).includes(true);
    const clearUntilMs = isChange ? nowMs + CLEAR_FOR_MS : (before?.untilMs ?? nowMs);
    const untilMs = isClear ? clearUntilMs : undefined;
    this.#held.set(key, { tags, states, heardAtMs: Math.min(timeMs, nowMs), saidAtMs: nowMs, untilMs });
    return isChange || !isClear;
  }

  /** Samples that are due. */
  report(measurement: string, nowMs: number): readonly Sample[] {
    return [...this.#held].flatMap(([key, held]): readonly Sample[] => {
      if (Math.abs(nowMs - held.heardAtMs) > this.#silentAfterMs) {
        this.#held.delete(key);
        return [];
      }
      if (nowMs > (held.untilMs ?? Infinity) || Math.abs(nowMs - held.saidAtMs) < EVERY_MS) return [];
      this.#held.set(key, { ...held, saidAtMs: nowMs });
      return [{ measurement, tags: held.tags, fields: held.states, timeMs: nowMs }];
    });
  }
}
