import type { Sample } from '../../../contract/sample.ts';
import { MAX_SENSORS } from './last-seen.ts';

/** States that hold until the sensor says otherwise. */
const STATES = ['door_open', 'water_leak', 'smoke'];
const EVERY_MS = 60_000;
/** How long an all-clear is repeated: longer than rules wait before they believe it. */
const CLEAR_FOR_MS = 10 * 60_000;

/** Times are Unix times, so that it can outlast a restart. */
export interface Held {
  readonly tags: Sample['tags'];
  readonly states: Readonly<Record<string, boolean>>;
  /** When it last spoke itself. */
  readonly heardAtMs: number;
  readonly saidAtMs: number;
  /** Missing: until it says otherwise. */
  readonly untilMs?: number | undefined;
}

/**
 * Such sensors speak when something changes, and rules ask how long it has been so. A door that was opened, water or
 * smoke is reported each minute, until the sensor says otherwise or has been silent for too long; an all-clear for ten.
 */
export class HeldStates {
  readonly #silentAfterMs: number;
  readonly #held = new Map<string, Held>();

  constructor(silentAfterMs: number) {
    this.#silentAfterMs = silentAfterMs;
  }

  /** What was held before a restart. */
  restore(held: readonly Held[]): void {
    for (const one of held) this.#held.set(JSON.stringify(one.tags), one);
  }

  get all(): readonly Held[] {
    return [...this.#held.values()];
  }

  /** True when what is held has changed. */
  note({ tags, fields }: Pick<Sample, 'tags' | 'fields'>, nowMs: number): boolean {
    const told = STATES.flatMap((state) => {
      const value = fields[state];
      return typeof value === 'boolean' ? [[state, value] as const] : [];
    });
    if (told.length === 0) return false;
    const key = JSON.stringify(tags);
    const before = this.#held.get(key);
    if (before === undefined && this.#held.size >= MAX_SENSORS) return false;
    const isNews = told.some(([state, value]) => before?.states[state] !== value);
    const states = { ...before?.states, ...Object.fromEntries(told) };
    const isCalm = !Object.values(states).includes(true);
    const calmUntilMs = isNews ? nowMs + CLEAR_FOR_MS : (before?.untilMs ?? nowMs);
    const untilMs = isCalm ? calmUntilMs : undefined;
    this.#held.set(key, { tags, states, heardAtMs: nowMs, saidAtMs: nowMs, untilMs });
    return isNews || !isCalm;
  }

  /** Those that are due. */
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
