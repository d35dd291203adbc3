interface Step {
  readonly atMs: number;
  /** How much the counter has grown since it was first seen. */
  readonly grown: number;
}

interface Track {
  last: number;
  steps: Step[];
}

/**
 * By how much counters grew over the last `windowMs`, for rules that ask "more than twice in five minutes". What happened
 * before a counter was first seen does not count; one that went back started anew, and what it shows is all new.
 */
export class RecentGrowth {
  readonly #windowMs: number;
  readonly #tracks = new Map<string, Track>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Takes what the counter shows now. `atMs` never goes back. */
  of(key: string, value: number, atMs: number): number {
    const track = this.#tracks.get(key) ?? { last: value, steps: [{ atMs, grown: 0 }] };
    this.#tracks.set(key, track);
    const before = track.steps.at(-1)?.grown ?? 0;
    const grown = before + (value >= track.last ? value - track.last : value);
    track.last = value;
    track.steps.push({ atMs, grown });
    // The last step at or before the window's start is what growth is measured from.
    while ((track.steps[1]?.atMs ?? Infinity) <= atMs - this.#windowMs) track.steps.shift();
    return grown - (track.steps[0]?.grown ?? 0);
  }

  /** Forgets counters that are gone. */
  keep(keys: ReadonlySet<string>): void {
    for (const key of this.#tracks.keys()) {
      if (!keys.has(key)) this.#tracks.delete(key);
    }
  }
}
