/** Sparkplug numbers an edge node's messages 0 to 255, then 0 again (tck-id-payloads-sequence-num-incrementing). */
const SEQUENCE = 256;

export type Offered<T> =
  /** In order, followed by messages that waited for it. */
  | { readonly kind: 'ready'; readonly items: readonly T[] }
  /** Early: it waits for the messages before it. */
  | { readonly kind: 'held' }
  /** A repetition, or too far ahead to tell from one. */
  | { readonly kind: 'behind' };

export interface Gap<T> {
  /** Number of messages that never arrived. */
  readonly lost: number;
  /** The messages that waited, in order. */
  readonly items: readonly T[];
}

export interface SequenceLimits {
  readonly reorderTimeoutMs: number;
  /** Messages that may wait at once. */
  readonly maxHeld: number;
}

/**
 * Puts the messages of one session in order (section 5.9, Sparkplug Host Application Message Ordering). A message that
 * is too early starts the reorder timeout; when that is over, what is missing is lost.
 */
export class Sequence<T> {
  readonly #limits: SequenceLimits;
  #next: number;
  /** By how far they are ahead of `#next`. */
  #held = new Map<number, T>();
  #dueAtMs = Infinity;

  constructor(birthSeq: number, limits: SequenceLimits) {
    this.#limits = limits;
    this.#next = (birthSeq + 1) % SEQUENCE;
  }

  offer(seq: number, item: T, nowMs: number): Offered<T> {
    const ahead = (seq - this.#next + SEQUENCE) % SEQUENCE;
    if (ahead >= SEQUENCE / 2 || this.#held.has(ahead)) return { kind: 'behind' };
    if (ahead > 0) {
      if (this.#held.size === 0) this.#dueAtMs = nowMs + this.#limits.reorderTimeoutMs;
      this.#held.set(ahead, item);
      return { kind: 'held' };
    }
    const items = [item];
    this.#advance(1);
    for (let waiting = this.#held.get(0); waiting !== undefined; waiting = this.#held.get(0)) {
      items.push(waiting);
      this.#advance(1);
    }
    // What still waits waits for another message, and has its own time to come.
    this.#dueAtMs = this.#held.size === 0 ? Infinity : nowMs + this.#limits.reorderTimeoutMs;
    return { kind: 'ready', items };
  }

  /** undefined: nothing waits that long. */
  expire(nowMs: number): Gap<T> | undefined {
    const isDue = nowMs >= this.#dueAtMs || this.#held.size > this.#limits.maxHeld;
    return isDue ? this.skipGap() : undefined;
  }

  /** Counts what is missing as lost and returns the messages that waited for it; undefined: none waited. */
  skipGap(): Gap<T> | undefined {
    const held = [...this.#held].sort(([a], [b]) => a - b);
    const last = held.at(-1)?.[0];
    if (last === undefined) return undefined;
    this.#next = (this.#next + last + 1) % SEQUENCE;
    this.#held.clear();
    this.#dueAtMs = Infinity;
    return { lost: last + 1 - held.length, items: held.map(([, item]) => item) };
  }

  #advance(by: number): void {
    this.#next = (this.#next + by) % SEQUENCE;
    this.#held.delete(0);
    this.#held = new Map([...this.#held].map(([ahead, item]) => [ahead - by, item] as const));
  }
}
