import { eventMessage } from './event-message.ts';

/**
 * What `/api/v1/events` tells. A part of central that has something to tell gets a function that appends (events-part.ts), and its kind stands
 * here: nothing else knows the kinds by name.
 */
export const EVENT_KINDS = ['alert', 'agent', 'config', 'state', 'rollout'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Something that has just changed. It is shown once it is as durable as it will be. */
export interface CityEvent {
  readonly kind: EventKind;
  /** By central's clock, Unix time in ms. */
  readonly atMs: number;
  readonly unit?: string | undefined;
  readonly site?: string | undefined;
  readonly device?: string | undefined;
  readonly agent?: string | undefined;
  /** What happened, in the names of the API; must be JSON. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface LoggedEvent {
  /** Counts up from 1 since central started. */
  readonly number: number;
  readonly event: CityEvent;
}

/** Where a reader goes on, or why it cannot. */
export type Position =
  | { readonly after: number }
  | { readonly lost: 'restarted' | 'forgotten' | 'unknown'; readonly sinceMs: number | undefined };

/** Readers are at most one write behind one another, but for slow ones. */
const MESSAGES_KEPT = 512;

const ID = /^([0-9a-f]{8})-(\d{1,15})-(\d{1,15})$/;

/** The newest events, in memory. Whoever appends waits for nobody: readers come for what they have not read yet. */
export class EventLog {
  readonly #run: string;
  readonly #ring: (CityEvent | undefined)[];
  readonly #messages: ({ readonly event: CityEvent; readonly text: string } | undefined)[] = [];
  #newest = 0;
  #newestAtMs: number;
  /** Readers that have read everything. */
  readonly #waiting = new Set<() => void>();
  #isWaking = false;

  /** `run`: eight hex digits, different at each start of central, so that an id of another start is recognised. */
  constructor({
    capacity,
    run,
    nowMs,
  }: {
    readonly capacity: number;
    readonly run: string;
    readonly nowMs: number;
  }) {
    this.#run = run;
    this.#ring = new Array<CityEvent | undefined>(capacity).fill(undefined);
    this.#newestAtMs = nowMs;
  }

  get newest(): number {
    return this.#newest;
  }

  append(event: CityEvent): void {
    this.#newest++;
    this.#newestAtMs = event.atMs;
    this.#ring[this.#newest % this.#ring.length] = event;
    if (this.#isWaking || this.#waiting.size === 0) return;
    this.#isWaking = true;
    // After all that is done in this turn: a burst wakes readers once.
    setImmediate(() => {
      this.#isWaking = false;
      for (const wake of this.#waiting) wake();
      this.#waiting.clear();
    });
  }

  /** At most `most` events behind the one with this number; undefined: some of them are forgotten. */
  read(after: number, most: number): readonly LoggedEvent[] | undefined {
    if (after < this.#newest - this.#ring.length) return undefined;
    const count = Math.min(most, this.#newest - after);
    return Array.from({ length: Math.max(0, count) }, (_, at) => after + 1 + at).flatMap((number) => {
      const event = this.#ring[number % this.#ring.length];
      return event === undefined ? [] : [{ number, event }];
    });
  }

  /** Resolves once there is an event behind the one with this number; never once the signal aborts. */
  next(after: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (after < this.#newest) {
        resolve();
        return;
      }
      this.#waiting.add(resolve);
      signal.addEventListener('abort', () => this.#waiting.delete(resolve), { once: true });
    });
  }

  /** What readers get of an event: made once for all of them, who read it in the same moment. */
  messageOf(number: number, event: CityEvent): string {
    const at = number % MESSAGES_KEPT;
    const known = this.#messages[at];
    if (known?.event === event) return known.text;
    const text = eventMessage(this.idOf(number), event);
    this.#messages[at] = { event, text };
    return text;
  }

  idOf(number: number): string {
    const atMs = this.#ring[number % this.#ring.length]?.atMs ?? this.#newestAtMs;
    return `${this.#run}-${number}-${atMs}`;
  }

  /** Of an id that a reader brings. */
  positionOf(id: string): Position {
    const [, run, number, sinceMs] = ID.exec(id) ?? [];
    if (run === undefined) return { lost: 'unknown', sinceMs: undefined };
    const after = Number(number);
    const since = { sinceMs: Number(sinceMs) };
    if (run !== this.#run) return { lost: 'restarted', ...since };
    if (after > this.#newest) return { lost: 'unknown', sinceMs: undefined };
    return after < this.#newest - this.#ring.length ? { lost: 'forgotten', ...since } : { after };
  }
}
