import type { TickEvaluator } from '../rules/kinds/rule-kind.ts';
import type { RuleRuntime } from './rule-runtime.ts';

/** The engine's ticks are this far apart. */
const TICK_MS = 1_000;
/** After a start agents need so many intervals until all have sent, also those that lost a batch. */
const WARM_UP_INTERVALS = 3;
/** Longer is waited only for each to send once: rules over what is measured each hour must not be blind for three of them. */
const MAX_WARM_UP_MS = 600_000;

/**
 * Which rules are due at a tick. Those that judge what agents report read thousands of values: once in their interval, and in turns, so
 * that no tick has all the work. All others are: they know themselves at which tick there is news.
 */
export class TickSchedule {
  #startedAtMs: number;
  /** Number of the interval in which each was evaluated last. */
  readonly #turns = new WeakMap<RuleRuntime<TickEvaluator>, number>();

  constructor(nowMs: number) {
    this.#startedAtMs = nowMs;
  }

  /** `place`: its place among all. */
  isDue(runtime: RuleRuntime<TickEvaluator>, place: number, nowMs: number): boolean {
    const { intervalMs, judgesReports } = runtime.evaluator;
    if (judgesReports !== true) return true;
    // Central's time was set back.
    this.#startedAtMs = Math.min(this.#startedAtMs, nowMs);
    if (nowMs - this.#startedAtMs < warmUpMsOf(intervalMs)) return false;
    const turn = Math.floor((nowMs - place * TICK_MS) / intervalMs);
    if (turn === this.#turns.get(runtime)) return false;
    this.#turns.set(runtime, turn);
    return true;
  }
}

function warmUpMsOf(intervalMs: number): number {
  return Math.min(WARM_UP_INTERVALS * intervalMs, Math.max(MAX_WARM_UP_MS, intervalMs + intervalMs / 10));
}
