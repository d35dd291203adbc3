import {
  isFired,
  isRaised,
  OFF,
  ON,
  type AlertState,
  type EvaluatedSample,
  type LevelState,
  type LevelTimes,
  type StateRule,
} from './alert-state.ts';
import { flappingFrom, flappingOn, NOTHING_RECENT } from './flapping.ts';
import { nextLevelState } from './next-level-state.ts';
import { paceOf, withGap } from './pace.ts';

const NO_WAIT: LevelTimes = { forMs: 0, clearForMs: 0 };
/** A gap of more than this many intervals (or of the actual steps, where those are longer) does not count. */
const GAP_INTERVALS = 3;

/** Pure. `undefined` is inactive. The caller leaves out samples that are not newer than `state.lastSampleMs`. */
export function nextAlertState(
  rule: StateRule,
  state: AlertState | undefined,
  sample: EvaluatedSample,
  recent = NOTHING_RECENT,
): AlertState | undefined {
  const gapMs = state === undefined ? 0 : sample.timeMs - state.lastSampleMs;
  const gapLimitMs = gapLimitOf(rule, state);
  const countedMs = gapMs <= gapLimitMs ? gapMs : 0;
  const levels: LevelState[] = [];
  let isGraverRaised = false;
  for (let at = rule.levels.length - 1; at >= 0; at--) {
    const times = timesOf(rule, at, state?.flapping !== undefined);
    const evaluation = sample.evaluations[at] ?? 'between';
    const before = state?.levels[at] ?? OFF;
    // Too long ago to be the same breach: it starts anew.
    const stale = before.phase === 'pending' && gapMs > gapLimitMs + times.forMs;
    let after = nextLevelState(times, stale ? OFF : before, evaluation, countedMs);
    // Part of an alert that fired already: `for` of the milder level must not end that alert and begin another.
    if (isGraverRaised && evaluation === 'breach') after = ON;
    isGraverRaised ||= isRaised(before) || isRaised(after);
    levels[at] = after;
  }
  if (levels.every((level) => level.phase === 'off')) return undefined;
  const startedAtMs = isSameAlert(state, levels, gapMs > gapLimitMs)
    ? state.startedAtMs
    : (sample.sinceMs ?? sample.timeMs);
  const gapsMs = state === undefined ? [] : withGap(state.gapsMs, gapMs);
  const next = { startedAtMs, lastSampleMs: sample.timeMs, gapsMs, levels };
  return state?.flapping === undefined
    ? flappingFrom(rule, state, next, recent)
    : flappingOn(rule, state, next, countedMs);
}

/** While it flaps, a level that was raised stays raised, and a state need not last. */
function timesOf({ levels, isState }: StateRule, at: number, isFlapping: boolean): LevelTimes {
  const times = levels[at] ?? NO_WAIT;
  return isFlapping ? { forMs: isState === true ? 0 : times.forMs, clearForMs: Infinity } : times;
}

/** Pure. A longer time between two samples says nothing about what was between them. */
export function gapLimitOf({ intervalMs }: StateRule, state: AlertState | undefined): number {
  return GAP_INTERVALS * Math.max(intervalMs, paceOf(state?.gapsMs ?? []));
}

/** It was raised and still is, or was pending and has made progress since. */
function isSameAlert(
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
