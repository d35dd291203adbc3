/** A step on the way of the canary: these, and `channel <id>` for each channel that has a dry form. */
export type Hop = (typeof STEPS)[number] | `channel ${string}`;

/**
 * `mqtt`: through the broker. `ingest`: checked. `store`: stored and in the ledger. `rules`: an alert, on disk. `incident`: placed. `outbox`:
 * a message of it is sent. `receipt`: that is on disk. `end`: its end went all that way.
 */
export const STEPS = ['mqtt', 'ingest', 'store', 'rules', 'incident', 'outbox', 'receipt', 'end'] as const;

/** What has to be reached before; the others begin with the run. */
const AFTER: Readonly<Partial<Record<Hop, Hop>>> = {
  ingest: 'mqtt',
  store: 'ingest',
  rules: 'ingest',
  incident: 'rules',
  outbox: 'rules',
  receipt: 'outbox',
};

/** Of the last run that reached the hop, or should have. Times are Unix ms. */
export interface HopView {
  readonly hop: Hop;
  readonly latencyMs?: number;
  /** When the first run began that it has not passed on; undefined: it works. */
  readonly brokenSinceMs?: number;
  /** Why, where that is known. */
  readonly reason?: string;
}

/** `latencyMs` undefined: it was not reached. */
export interface HopResult {
  readonly hop: Hop;
  readonly latencyMs?: number;
  readonly reason?: string;
}

/** One run: which hops were reached when, monotonic ms. */
export class CanaryRun {
  readonly startedAtMs: number;
  readonly #hops: readonly Hop[];
  /** What `end` begins with. */
  readonly #last: Hop;
  readonly #reached = new Map<Hop, number>();
  readonly #reasons = new Map<Hop, string>();
  #clearedAtMs: number | undefined;

  constructor(hops: readonly Hop[], last: Hop, startedAtMs: number) {
    this.#hops = hops;
    this.#last = last;
    this.startedAtMs = startedAtMs;
  }

  has(hop: Hop): boolean {
    return this.#reached.has(hop);
  }

  reach(hop: Hop, atMs: number): void {
    if (this.#hops.includes(hop) && !this.#reached.has(hop)) this.#reached.set(hop, atMs);
  }

  /** Why the hop will not be reached. */
  fail(hop: Hop, reason: string): void {
    this.#reasons.set(hop, reason);
  }

  /** Whether the fault may end now: it has gone all the way. */
  get mayClear(): boolean {
    return this.#clearedAtMs === undefined && this.#reached.has(this.#last);
  }

  clear(atMs: number): void {
    this.#clearedAtMs ??= atMs;
  }

  get isCleared(): boolean {
    return this.#clearedAtMs !== undefined;
  }

  /** Nothing more will come of it. */
  get isDone(): boolean {
    return this.#hops.every((hop) => this.#reached.has(hop) || this.#reasons.has(hop));
  }

  /** It got through every hop. */
  get isPassed(): boolean {
    return this.#hops.every((hop) => this.#reached.has(hop));
  }

  /** From its begin to the last hop before its end; undefined: it did not get there. */
  get latencyMs(): number | undefined {
    const atMs = this.#reached.get(this.#last);
    return atMs === undefined ? undefined : atMs - this.startedAtMs;
  }

  /** What is known now of the hops: nothing of those behind one that is broken. */
  results(): readonly HopResult[] {
    return this.#hops.flatMap((hop): readonly HopResult[] => {
      const fromMs = this.#begunAtMs(hop);
      if (fromMs === undefined) return [];
      const atMs = this.#reached.get(hop);
      if (atMs !== undefined) return [{ hop, latencyMs: Math.max(0, atMs - fromMs) }];
      const reason = this.#reasons.get(hop);
      return [{ hop, ...(reason !== undefined && { reason }) }];
    });
  }

  #begunAtMs(hop: Hop): number | undefined {
    if (hop === 'end') return this.#reached.has(this.#last) ? this.#clearedAtMs : undefined;
    const before = hop.startsWith('channel ') ? 'outbox' : AFTER[hop];
    return before === undefined ? this.startedAtMs : this.#reached.get(before);
  }
}

/** Pure. What is known after a run that began at `beganAtMs`, Unix ms. */
export function afterRun(
  before: ReadonlyMap<Hop, HopView>,
  run: Pick<CanaryRun, 'results'>,
  beganAtMs: number,
): ReadonlyMap<Hop, HopView> {
  const after = new Map(before);
  for (const { hop, latencyMs, reason } of run.results()) {
    if (latencyMs !== undefined) after.set(hop, { hop, latencyMs });
    else {
      const brokenSinceMs = before.get(hop)?.brokenSinceMs ?? beganAtMs;
      after.set(hop, { hop, brokenSinceMs, ...(reason !== undefined && { reason }) });
    }
  }
  return after;
}
