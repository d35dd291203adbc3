import {
  isRaised,
  nextLevelState,
  OFF,
  type Judgement,
  type LevelState,
  type LevelTimes,
} from './level-state.ts';

/**
 * The life of one alert, identity (rule, entity):
 *
 *   inactive → pending → firing ⇄ recovering → resolved (inactive)
 *
 * It is `firing` while a level is on, `recovering` while all raised levels are clearing. Only samples move it: without
 * data nothing fires and nothing resolves.
 */
export type AlertPhase = 'pending' | 'firing' | 'recovering';

export interface AlertState {
  /** Time of the first breach that led here. */
  readonly startedAtMs: number;
  readonly lastSampleMs: number;
  /** Shortest time between two samples seen since then; undefined before the second. */
  readonly stepMs: number | undefined;
  /** In the order of the rule's levels, mildest first. */
  readonly levels: readonly LevelState[];
}

export interface StateRule {
  readonly intervalMs: number;
  readonly levels: readonly LevelTimes[];
}

export interface JudgedSample {
  readonly timeMs: number;
  /** When the breach began, where that is known to be before the sample. */
  readonly sinceMs?: number;
  readonly judgements: readonly Judgement[];
}

/** Over this many intervals (or steps as they are, where those are longer) a gap does not count. */
const GAP_INTERVALS = 3;

/** Pure. `undefined` is inactive. The caller leaves out samples that are not newer than `state.lastSampleMs`. */
export function nextAlertState(
  rule: StateRule,
  state: AlertState | undefined,
  sample: JudgedSample,
): AlertState | undefined {
  const gapMs = state === undefined ? 0 : sample.timeMs - state.lastSampleMs;
  const gapLimitMs = GAP_INTERVALS * Math.max(rule.intervalMs, state?.stepMs ?? 0);
  const countedMs = gapMs <= gapLimitMs ? gapMs : 0;
  const levels = rule.levels.map((times, at) => {
    const before = state?.levels[at] ?? OFF;
    // Too long ago to be the same breach: it starts anew.
    const stale = before.phase === 'pending' && gapMs > gapLimitMs + times.forMs;
    return nextLevelState(times, stale ? OFF : before, sample.judgements[at] ?? 'between', countedMs);
  });
  if (levels.every((level) => level.phase === 'off')) return undefined;
  const startedAtMs = continues(state, levels, gapMs > gapLimitMs)
    ? state.startedAtMs
    : (sample.sinceMs ?? sample.timeMs);
  const stepMs = state === undefined ? undefined : Math.min(gapMs, state.stepMs ?? Infinity);
  return { startedAtMs, lastSampleMs: sample.timeMs, stepMs, levels };
}

/** The same alert as before: it was raised and still is, or was pending and served time then. */
function continues(
  state: AlertState | undefined,
  levels: readonly LevelState[],
  afterGap: boolean,
): state is AlertState {
  if (state === undefined) return false;
  if (isFired(state)) return levels.some(isRaised);
  return (
    !afterGap || levels.some((level, at) => level.progressMs > 0 && state.levels[at]?.phase === 'pending')
  );
}

/** Raised and not yet resolved. */
export function isFired(state: AlertState): boolean {
  return state.levels.some(isRaised);
}

export function phaseOf(state: AlertState): AlertPhase {
  if (state.levels.some((level) => level.phase === 'on')) return 'firing';
  return isFired(state) ? 'recovering' : 'pending';
}

/** Index of the gravest raised level, -1 while pending. */
export function levelOf(state: AlertState): number {
  return state.levels.findLastIndex(isRaised);
}
