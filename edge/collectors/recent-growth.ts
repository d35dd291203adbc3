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
 * How much counters grew over the last `windowMs`, for rules such as "more than twice in five minutes". Growth before a
 * counter was first seen does not count. A counter that went back was reset: its whole value is growth.
 */
export class RecentGrowth {
  readonly #windowMs: number;
  readonly #tracks = new Map<string, Track>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Adds the counter's value now, and returns its recent growth. `atMs` never goes back. */
  add(key: string, value: number, atMs: number): number {
    const track = this.#tracks.get(key) ?? { last: value, steps: [{ atMs, grown: 0 }] };
    this.#tracks.set(key, track);
    const before = track.steps.at(-1)?.grown ?? 0;
    const grown = before + (value >= track.last ? value - track.last : value);
    track.last = value;
    track.steps.push({ atMs, grown });
    // Growth is measured from the last step at or before the window's start.
    while ((track.steps[1]?.atMs ?? Infinity) <= atMs - this.#windowMs) track.steps.shift();
    return grown - (track.steps[0]?.grown ?? 0);
  }

  /** Forgets all other counters. */
  keepOnly(keys: ReadonlySet<string>): void {
    for (const key of this.#tracks.keys()) {
      if (!keys.has(key)) this.#tracks.delete(key);
    }
  }
}
