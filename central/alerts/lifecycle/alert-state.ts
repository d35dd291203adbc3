import { paceOf, withGap } from './pace.ts';

/**
 * The life of one alert, identity (rule, entity):
 *
 *   inactive → pending → firing ⇄ recovering → resolved (inactive)
 *
 * It is `firing` while a level is on, `recovering` while all raised levels are clearing. Only samples move it: without
 * data nothing fires and nothing resolves.
 */
export type AlertPhase = 'pending' | 'firing' | 'recovering';

/** Where one sample is in relation to one level: past the raise limit, past the clear limit, or between the two. */
export type Evaluation = 'breach' | 'between' | 'clear';

export interface EvaluatedSample {
  readonly timeMs: number;
  /** When the breach began, where that is known to be before the sample. */
  readonly sinceMs?: number;
  /** Of each level of the rule, mildest first. */
  readonly evaluations: readonly Evaluation[];
}

/** A level is raised while it is `on` and while it is `clearing`. */
export interface LevelState {
  readonly phase: 'off' | 'pending' | 'on' | 'clearing';
  /** How much of `for` or `clearFor` has passed. */
  readonly progressMs: number;
}

export interface LevelTimes {
  readonly forMs: number;
  readonly clearForMs: number;
}

export interface StateRule {
  readonly intervalMs: number;
  readonly levels: readonly LevelTimes[];
}

export interface AlertState {
  /** Time of the first breach that led here. */
  readonly startedAtMs: number;
  readonly lastSampleMs: number;
  /** Times between the last samples since then, newest last. */
  readonly gapsMs: readonly number[];
  /** In the order of the rule's levels, mildest first. */
  readonly levels: readonly LevelState[];
}

export const OFF: LevelState = { phase: 'off', progressMs: 0 };
const ON: LevelState = { phase: 'on', progressMs: 0 };
const NO_WAIT: LevelTimes = { forMs: 0, clearForMs: 0 };

/** A gap of more than this many intervals (or of the actual steps, where those are longer) does not count. */
const GAP_INTERVALS = 3;

/** Pure. `undefined` is inactive. The caller leaves out samples that are not newer than `state.lastSampleMs`. */
export function nextAlertState(
  rule: StateRule,
  state: AlertState | undefined,
  sample: EvaluatedSample,
): AlertState | undefined {
  const gapMs = state === undefined ? 0 : sample.timeMs - state.lastSampleMs;
  const gapLimitMs = gapLimitOf(rule, state);
  const countedMs = gapMs <= gapLimitMs ? gapMs : 0;
  const levels: LevelState[] = [];
  let isGraverRaised = false;
  for (let at = rule.levels.length - 1; at >= 0; at--) {
    const times = rule.levels[at] ?? NO_WAIT;
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
  return { startedAtMs, lastSampleMs: sample.timeMs, gapsMs, levels };
}

/** Pure. A longer time between two samples says nothing about what was between them. */
export function gapLimitOf({ intervalMs }: StateRule, state: AlertState | undefined): number {
  return GAP_INTERVALS * Math.max(intervalMs, paceOf(state?.gapsMs ?? []));
}

/** Pure. `countedMs`: time since the sample before, 0 where it must not count. */
export function nextLevelState(
  times: LevelTimes,
  state: LevelState,
  evaluation: Evaluation,
  countedMs: number,
): LevelState {
  switch (state.phase) {
    case 'off':
      return evaluation === 'breach' ? advance('pending', 0, times.forMs, ON) : OFF;
    case 'pending':
      return evaluation === 'breach'
        ? advance('pending', state.progressMs + countedMs, times.forMs, ON)
        : OFF;
    case 'on':
      return evaluation === 'clear' ? advance('clearing', 0, times.clearForMs, OFF) : ON;
    case 'clearing':
      return evaluation === 'clear'
        ? advance('clearing', state.progressMs + countedMs, times.clearForMs, OFF)
        : ON;
  }
}

function advance(
  phase: 'pending' | 'clearing',
  progressMs: number,
  neededMs: number,
  next: LevelState,
): LevelState {
  return progressMs >= neededMs ? next : { phase, progressMs };
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

function isRaised(level: LevelState): boolean {
  return level.phase === 'on' || level.phase === 'clearing';
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

/**
 * `started`: first breach. `fired`: lasted `for`. `escalated`, `deescalated`: another severity, the same alert.
 * `recovering`: clear, `clearFor` runs. `relapsed`: in breach again before that was over. `resolved`: over.
 * `withdrawn`: its rule is gone or has other entity tags now.
 */
export const EVENT_KINDS = [
  'started',
  'fired',
  'escalated',
  'deescalated',
  'recovering',
  'relapsed',
  'resolved',
  'withdrawn',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Pure. The event that an operator sees of a change; undefined when nothing changed for an operator. */
export function transitionOf(
  before: AlertState | undefined,
  after: AlertState | undefined,
): Exclude<EventKind, 'started' | 'withdrawn'> | undefined {
  const was = before !== undefined && isFired(before);
  const is = after !== undefined && isFired(after);
  if (!was) return is ? 'fired' : undefined;
  if (!is) return 'resolved';
  const change = levelOf(after) - levelOf(before);
  if (change !== 0) return change > 0 ? 'escalated' : 'deescalated';
  if (phaseOf(before) === phaseOf(after)) return undefined;
  return phaseOf(after) === 'recovering' ? 'recovering' : 'relapsed';
}
