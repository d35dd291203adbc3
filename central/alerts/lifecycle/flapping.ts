import { isBad, isFired, ON, type AlertState, type Flapping, type StateRule } from './alert-state.ts';

/** So many alerts of one entity within the window are one that flaps: three are a pattern, as for chattering alarms in ISA-18.2. */
const FIRES = 3;
/** So many breaches that begin, whether they last `for` or not, of rules about states: `for` is there for a few. */
const BEGINS = 10;
const WINDOW_MS = 1_800_000;
const NOT_YET: Flapping = { count: 0, steadyMs: 0 };

/** Of one entity, times of samples, newest last: as many as are needed. */
export interface Recent {
  readonly begins: readonly number[];
  readonly fires: readonly number[];
}

export const NOTHING_RECENT: Recent = { begins: [], fires: [] };

/** Pure. 30 min; longer where alerts of the rule cannot come that often. */
export function flapWindowMs({ levels }: StateRule): number {
  const cycleMs = Math.max(...levels.map(({ forMs, clearForMs }) => forMs + clearForMs));
  return Math.max(WINDOW_MS, FIRES * cycleMs);
}

/** Pure. `after` as it is if the entity flaps with it. */
export function flappingFrom(
  rule: StateRule,
  before: AlertState | undefined,
  after: AlertState,
  recent: Recent,
): AlertState {
  const begun = isBegin(rule, before, after);
  const fired = isFiring(before, after);
  if (!begun && !fired) return after;
  const sinceMs = after.lastSampleMs - flapWindowMs(rule);
  const count = (times: readonly number[]): number => times.filter((timeMs) => timeMs >= sinceMs).length;
  const begins = begun ? count(recent.begins) + 1 : 0;
  const fires = fired ? count(recent.fires) + 1 : 0;
  if (begins < BEGINS && fires < FIRES) return after;
  const levels = after.levels.map((level) =>
    rule.isState === true && level.phase === 'pending' ? ON : level,
  );
  return { ...after, levels, flapping: { count: Math.max(begins, fires), steadyMs: 0 } };
}

/** Pure. `after` follows on `before`, which flaps, by known time of `countedMs`. Undefined: it has been well long enough. */
export function flappingOn(
  rule: StateRule,
  before: AlertState,
  after: AlertState,
  countedMs: number,
): AlertState | undefined {
  const { count, steadyMs } = before.flapping ?? NOT_YET;
  const changed = isBad(before) !== isBad(after);
  const flapping = {
    count: changed && isBad(after) ? count + 1 : count,
    steadyMs: changed ? 0 : steadyMs + countedMs,
  };
  if (flapping.steadyMs < flapWindowMs(rule)) return { ...after, flapping };
  return isBad(after) ? after : undefined;
}

/** Pure. */
export function nextRecent(
  rule: StateRule,
  recent: Recent,
  before: AlertState | undefined,
  after: AlertState | undefined,
): Recent {
  if (after?.flapping !== undefined || before?.flapping !== undefined) return NOTHING_RECENT;
  if (after === undefined) return recent;
  const { lastSampleMs } = after;
  const begins = isBegin(rule, before, after) ? withTime(recent.begins, lastSampleMs, BEGINS) : recent.begins;
  const fires = isFiring(before, after) ? withTime(recent.fires, lastSampleMs, FIRES) : recent.fires;
  return begins === recent.begins && fires === recent.fires ? recent : { begins, fires };
}

/** Pure. Whether the next begin may be one too many because of these. */
export function isRecent({ begins, fires }: Recent, rule: StateRule, nowMs: number): boolean {
  return Math.max(begins.at(-1) ?? -Infinity, fires.at(-1) ?? -Infinity) >= nowMs - flapWindowMs(rule);
}

export function withTime(times: readonly number[], timeMs: number, needed = FIRES): readonly number[] {
  return [...times.slice(2 - needed), timeMs];
}

function isBegin(rule: StateRule, before: AlertState | undefined, after: AlertState): boolean {
  return rule.isState === true && (before === undefined || !isBad(before)) && isBad(after);
}

function isFiring(before: AlertState | undefined, after: AlertState): boolean {
  return (before === undefined || !isFired(before)) && isFired(after);
}
