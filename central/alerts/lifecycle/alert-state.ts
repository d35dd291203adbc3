/**
 * The life of one alert, identity (rule, entity):
 *
 *   inactive → pending → firing ⇄ recovering → resolved (inactive)
 *
 * It is `firing` while a level is on, `recovering` while all raised levels are clearing, `flapping` in place of both while it
 * goes back and forth. Only samples move it: without data nothing fires and nothing resolves.
 */
export type AlertPhase = 'pending' | 'firing' | 'recovering' | 'flapping';

/** Where one sample is in relation to one level: past the raise limit, past the clear limit, or between the two. */
export type Evaluation = 'breach' | 'between' | 'clear';

export interface EvaluatedSample {
  readonly timeMs: number;
  /** When the breach began, where that is known to be before the sample. */
  readonly sinceMs?: number | undefined;
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
  /** A breach is a state, such as down, and not a height that may cross its limit often: each begin counts as flapping. */
  readonly isState?: boolean;
}

/** What goes back and forth. */
export interface Flapping {
  /** Begins of the breach, those that led here included. */
  readonly count: number;
  /** Known time without a change. */
  readonly steadyMs: number;
}

export interface AlertState {
  /** Time of the first breach that led here. */
  readonly startedAtMs: number;
  readonly lastSampleMs: number;
  /** Times between the last samples since then, newest last. */
  readonly gapsMs: readonly number[];
  /** In the order of the rule's levels, mildest first. */
  readonly levels: readonly LevelState[];
  readonly flapping?: Flapping;
}

export const OFF: LevelState = { phase: 'off', progressMs: 0 };
export const ON: LevelState = { phase: 'on', progressMs: 0 };

export function isRaised(level: LevelState): boolean {
  return level.phase === 'on' || level.phase === 'clearing';
}

/** Raised and not yet resolved. */
export function isFired(state: AlertState): boolean {
  return state.levels.some(isRaised);
}

/** In breach, as far as is known, whether it fired or not. */
export function isBad(state: AlertState): boolean {
  return state.levels.some(({ phase }) => phase === 'pending' || phase === 'on');
}

export function phaseOf(state: AlertState): AlertPhase {
  if (state.flapping !== undefined) return 'flapping';
  if (state.levels.some((level) => level.phase === 'on')) return 'firing';
  return isFired(state) ? 'recovering' : 'pending';
}

/** Index of the gravest raised level, -1 while pending. */
export function levelOf(state: AlertState): number {
  return state.levels.findLastIndex(isRaised);
}

/**
 * `started`: first breach. `fired`: lasted `for`. `escalated`, `deescalated`: another severity, the same alert.
 * `recovering`: clear, `clearFor` runs. `relapsed`: in breach again before that was over. `flapping`: goes back and forth.
 * `steady`: in breach, and no longer flapping. `resolved`: over. `withdrawn`: nobody will ever find it well again.
 */
export const EVENT_KINDS = [
  'started',
  'fired',
  'escalated',
  'deescalated',
  'recovering',
  'relapsed',
  'flapping',
  'steady',
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
  if (before.flapping === undefined && after.flapping !== undefined) return 'flapping';
  if (before.flapping !== undefined && after.flapping === undefined) return 'steady';
  const change = levelOf(after) - levelOf(before);
  if (change !== 0) return change > 0 ? 'escalated' : 'deescalated';
  if (phaseOf(before) === phaseOf(after)) return undefined;
  return phaseOf(after) === 'recovering' ? 'recovering' : 'relapsed';
}
