import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { CLOCK_BOUND_MS, consensusOf, type Consensus } from './clock-consensus.ts';

/** The machine's clock is followed through corrections up to this; more is a step, which needs a reason. */
const STEP_MS = 5_000;
/** Without enough agents to ask, a step of the machine's clock is taken over after this. */
const UNASKED_STEP_MS = 300_000;
/** At the start, agents have this long to say what they think of the clock. */
const FIRST_ANSWERS_MS = 60_000;
/** Agents that seem behind may only be late, as after a stall; that passes. */
const LATE_MS = 60_000;

export interface ClockStanding {
  /** The machine's clock minus the time that central goes by, ms. */
  readonly machineOffsetMs: number;
  /** Central goes by the machine's clock, and most agents, if there are enough, agree. */
  readonly isAgreed: boolean;
  /** False: whether central's time is right is in doubt; nothing may be refused for its time, nor deleted for its age. */
  readonly isCertain: boolean;
}

/**
 * Central's own idea of the time: the machine's clock, as long as that runs evenly with the monotonic clock. When it
 * steps, central's time goes on evenly until most agents agree with the machine's clock; when most agents agree on
 * another time, central goes by theirs.
 */
export class TrustedClock implements Clock {
  readonly #machine: Clock;
  readonly #log: Logger;
  readonly #startedMs: number;
  /** Central's time minus the monotonic clock. */
  #baseMs: number;
  #steppedSinceMs: number | undefined;
  #behindSinceMs: number | undefined;
  #isContradicted = false;
  #wasConfirmed = false;

  constructor(machine: Clock, log: Logger) {
    this.#machine = machine;
    this.#log = log;
    this.#startedMs = machine.monotonicMs();
    this.#baseMs = machine.now() - this.#startedMs;
  }

  now(): number {
    const machineMs = this.#machine.now();
    const evenMs = this.#baseMs + this.#machine.monotonicMs();
    return Math.abs(machineMs - evenMs) <= STEP_MS ? machineMs : Math.floor(evenMs);
  }

  monotonicMs(): number {
    return this.#machine.monotonicMs();
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return this.#machine.sleep(delayMs, signal);
  }

  standing(): ClockStanding {
    const hadTime = this.monotonicMs() - this.#startedMs >= FIRST_ANSWERS_MS;
    const machineOffsetMs = this.#machine.now() - this.now();
    return {
      machineOffsetMs,
      isAgreed: machineOffsetMs === 0 && !this.#isContradicted,
      isCertain: !this.#isContradicted && (this.#wasConfirmed || hadTime),
    };
  }

  /**
   * Each second, with central's time minus the clock of each agent that was heard lately. Returns by how much central's
   * time was set; what was noted by the time before must be moved by as much.
   */
  check(offsetsMs: readonly number[]): number {
    const monotonicMs = this.monotonicMs();
    const consensus = consensusOf(offsetsMs);
    const aheadMs = this.#machine.now() - (this.#baseMs + monotonicMs);
    const isStepped = Math.abs(aheadMs) > STEP_MS;
    if (!isStepped) this.#baseMs += aheadMs;
    this.#noteStep(isStepped, aheadMs, monotonicMs);
    this.#noteConsensus(consensus, monotonicMs);
    const stepMs = this.#stepTo(consensus, isStepped ? aheadMs : 0, monotonicMs);
    if (stepMs === 0) return 0;
    this.#baseMs += stepMs;
    this.#isContradicted = false;
    this.#behindSinceMs = undefined;
    this.#log.error({ stepMs, machineAheadMs: Math.round(aheadMs), consensus }, "central's time was set");
    return stepMs;
  }

  #noteStep(isStepped: boolean, aheadMs: number, monotonicMs: number): void {
    if (!isStepped) this.#steppedSinceMs = undefined;
    else if (this.#steppedSinceMs === undefined) {
      this.#steppedSinceMs = monotonicMs;
      this.#log.error(
        { aheadMs: Math.round(aheadMs) },
        "the machine's clock does not run with central's time",
      );
    }
  }

  #noteConsensus(consensus: Consensus | undefined, monotonicMs: number): void {
    const offsetMs = consensus?.offsetMs;
    this.#isContradicted = offsetMs !== undefined && Math.abs(offsetMs) > CLOCK_BOUND_MS;
    if (offsetMs !== undefined && !this.#isContradicted) this.#wasConfirmed = true;
    if (offsetMs === undefined || offsetMs <= CLOCK_BOUND_MS) this.#behindSinceMs = undefined;
    else this.#behindSinceMs ??= monotonicMs;
  }

  #stepTo(consensus: Consensus | undefined, aheadMs: number, monotonicMs: number): number {
    if (consensus === undefined) {
      const sinceMs = this.#steppedSinceMs;
      return sinceMs !== undefined && monotonicMs - sinceMs >= UNASKED_STEP_MS ? Math.round(aheadMs) : 0;
    }
    const { offsetMs } = consensus;
    const machineOffsetMs = Math.abs(offsetMs + aheadMs);
    if (aheadMs !== 0 && machineOffsetMs <= CLOCK_BOUND_MS && machineOffsetMs < Math.abs(offsetMs)) {
      return Math.round(aheadMs);
    }
    // A message cannot arrive before it is sent, so agents that are ahead prove that central is behind.
    const isProven =
      offsetMs < -CLOCK_BOUND_MS ||
      (this.#behindSinceMs !== undefined && monotonicMs - this.#behindSinceMs >= LATE_MS);
    return isProven ? -Math.round(offsetMs) : 0;
  }
}
