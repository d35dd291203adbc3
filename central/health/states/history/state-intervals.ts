import { FOLLOWED_STATES, type FollowedState } from './followed-states.ts';

/** A row of the history: what an element was from then on. */
export interface HistoryRow {
  readonly fromMs: number;
  /** `gone`: no longer expected. */
  readonly state: FollowedState | 'gone';
  /** When it began to be so, where that is earlier. */
  readonly sinceMs: number | undefined;
  readonly roots: readonly string[];
}

/** A time in which central could not see. */
export interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
  /** Central only stood still: what was before is so afterwards. Else nothing is known of an element until its next row. */
  readonly goesOn: boolean;
}

/** A time in which an element was in one state. */
export interface StateInterval {
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  readonly state: FollowedState;
  readonly sinceMs: number;
  readonly roots: readonly string[];
  /** Unknown since central itself was off or stood still. */
  readonly isGap: boolean;
}

export interface Range {
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
}

/**
 * Pure. The states of one element within the range, without overlap and without holes from its first row on, but for times in which it
 * was not expected. `rows` and `gaps` in the order of time; the first row is the last one before the range, if there is one.
 */
export function intervalsOf(
  rows: readonly HistoryRow[],
  gaps: readonly Gap[],
  range: Range,
): StateInterval[] {
  const found: StateInterval[] = [];
  let firstGap = 0;
  rows.forEach((row, at) => {
    // Gaps that ended before this row are over for the later ones too.
    while ((gaps[firstGap]?.toMs ?? Infinity) <= row.fromMs) firstGap++;
    const untilMs = Math.min(rows[at + 1]?.fromMs ?? Infinity, range.toMs);
    if (row.state === 'gone' || untilMs <= range.fromMs) return;
    for (const part of withGaps(row, untilMs, gaps, firstGap)) add(found, part, range);
  });
  return found;
}

/** From the row to the next one, cut where central could not see. */
function* withGaps(
  row: HistoryRow,
  untilMs: number,
  gaps: readonly Gap[],
  firstGap: number,
): Iterable<StateInterval> {
  const { state, roots, sinceMs = row.fromMs } = row;
  if (state === 'gone') return;
  let fromMs = row.fromMs;
  for (let at = firstGap; at < gaps.length; at++) {
    const gap = gaps[at];
    if (gap === undefined) break;
    if (gap.toMs <= fromMs) continue;
    if (gap.fromMs >= untilMs) break;
    const startMs = Math.max(gap.fromMs, fromMs);
    yield { fromMs, toMs: startMs, state, sinceMs, roots, isGap: false };
    const endMs = Math.min(gap.toMs, untilMs);
    yield unknown(startMs, endMs, true);
    fromMs = endMs;
    if (gap.goesOn) continue;
    yield unknown(fromMs, untilMs, false);
    return;
  }
  yield { fromMs, toMs: untilMs, state, sinceMs, roots, isGap: false };
}

function unknown(fromMs: number, toMs: number, isGap: boolean): StateInterval {
  return { fromMs, toMs, state: 'unknown', sinceMs: fromMs, roots: [], isGap };
}

/** Joins neighbours that are alike. */
function add(found: StateInterval[], part: StateInterval, range: Range): void {
  const fromMs = Math.max(part.fromMs, range.fromMs);
  const toMs = Math.min(part.toMs, range.toMs);
  if (fromMs >= toMs) return;
  const last = found.at(-1);
  const isSame =
    last?.toMs === fromMs &&
    last.state === part.state &&
    last.isGap === part.isGap &&
    last.roots.join() === part.roots.join();
  if (isSame) found.splice(-1, 1, { ...last, toMs });
  else found.push({ ...part, fromMs, toMs });
}

/** How long in each state, ms. */
export type StateTimes = Record<FollowedState, number>;

export function noTimes(): StateTimes {
  return { up: 0, down: 0, unreachable: 0, unknown: 0, degraded: 0 };
}

/** The times of several parts of time together. Pure. */
export function sumOfTimes(parts: readonly StateTimes[]): StateTimes {
  const sum = noTimes();
  for (const part of parts) for (const state of FOLLOWED_STATES) sum[state] += part[state];
  return sum;
}

/**
 * Adds the intervals to the times of each part: part 0 is from `edgesMs[0]` to `edgesMs[1]`, and so on. Both in the order of time; what lies
 * outside of all parts is left out.
 */
export function addTimes(
  parts: readonly StateTimes[],
  edgesMs: readonly number[],
  intervals: readonly StateInterval[],
): void {
  let first = 0;
  for (const { state, fromMs, toMs } of intervals) {
    // Parts that ended before this interval are over for the later ones too.
    while ((edgesMs[first + 1] ?? Infinity) <= fromMs) first++;
    for (let at = first; at < parts.length; at++) {
      const [part, startMs = Infinity, endMs = Infinity] = [parts[at], edgesMs[at], edgesMs[at + 1]];
      if (part === undefined || startMs >= toMs) break;
      part[state] += Math.min(toMs, endMs) - Math.max(fromMs, startMs);
    }
  }
}
