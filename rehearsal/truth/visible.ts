/** A span of time, Unix ms; `toMs` is exclusive. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

const STEP_MS = 10_000;

/** The longest part of a span in which something holds, looked at every ten seconds; undefined: it never does. Pure. */
export function longestSpan({ fromMs, toMs }: Span, holds: (timeMs: number) => boolean): Span | undefined {
  let longest: Span | undefined;
  let startMs: number | undefined;
  const end = (atMs: number): void => {
    if (startMs === undefined) return;
    if (longest === undefined || atMs - startMs > longest.toMs - longest.fromMs)
      longest = { fromMs: startMs, toMs: atMs };
    startMs = undefined;
  };
  for (let timeMs = fromMs; timeMs < toMs; timeMs += STEP_MS) {
    if (holds(timeMs)) startMs ??= timeMs;
    else end(timeMs);
  }
  end(toMs);
  return longest;
}
