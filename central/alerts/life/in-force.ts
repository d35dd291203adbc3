/** From its begin, inclusive, to its end, exclusive; Unix ms. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface InForceDeps<T extends object, Index> {
  /** Those that may be in force, now or later. */
  readonly all: () => Iterable<T>;
  /** The first of its times that ends after `nowMs`; undefined: there is none any more. */
  readonly spanOf: (entry: T, nowMs: number) => Span | undefined;
  readonly index: (inForce: readonly (readonly [T, Span])[]) => Index;
}

/** An index of what is in force now, made anew only when something begins or ends. Entries are never changed, but replaced. */
export class InForce<T extends object, Index> {
  readonly #deps: InForceDeps<T, Index>;
  #spans = new Map<T, Span>();
  /** When they were asked for. */
  #spansAtMs = -Infinity;
  #made: { readonly index: Index; readonly sinceMs: number; readonly untilMs: number } | undefined;

  constructor(deps: InForceDeps<T, Index>) {
    this.#deps = deps;
  }

  /** To be called when what is in force, or what the index is made of, has changed. */
  changed(): void {
    this.#made = undefined;
  }

  isInForce(entry: T, nowMs: number): boolean {
    const span = this.#spans.get(entry);
    return span !== undefined && span.fromMs <= nowMs && span.toMs > nowMs;
  }

  at(nowMs: number): Index {
    const made = this.#made;
    if (made !== undefined && nowMs >= made.sinceMs && nowMs < made.untilMs) return made.index;
    // Clocks may be set back: what was over then may be ahead again.
    const known = nowMs < this.#spansAtMs ? new Map<T, Span>() : this.#spans;
    const spans = new Map<T, Span>();
    let untilMs = Infinity;
    for (const entry of this.#deps.all()) {
      let span = known.get(entry);
      if (span === undefined || span.toMs <= nowMs) span = this.#deps.spanOf(entry, nowMs);
      if (span === undefined) continue;
      spans.set(entry, span);
      untilMs = Math.min(untilMs, span.fromMs > nowMs ? span.fromMs : span.toMs);
    }
    this.#spans = spans;
    this.#spansAtMs = nowMs;
    const index = this.#deps.index([...spans].filter(([, { fromMs }]) => fromMs <= nowMs));
    this.#made = { index, sinceMs: nowMs, untilMs };
    return index;
  }
}
