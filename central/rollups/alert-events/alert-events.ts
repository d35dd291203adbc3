import type { Sample } from '../../../contract/sample.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { isCanary } from '../../alerts/history/canary-alarm.ts';
import type { TimelineStep, TimelineSteps } from '../../alerts/history/timeline-steps.ts';
import type { IncidentView } from '../../alerts/incidents/incident-view.ts';
import type { RuleLookup } from '../../alerts/rules/rule.ts';
import type { Places } from '../../alerts/suppression/subjects.ts';
import type { SuppressionOf } from '../../alerts/suppression/suppressed-alerts.ts';
import type { OwnSamples } from '../../samples/own-samples.ts';
import { resourceOf } from '../alert-resource.ts';
import { nextTurn } from '../slices.ts';
import { alertEventSample, type StepContext } from './alert-event-sample.ts';
import type { WrittenStep, WrittenSteps } from './written-steps.ts';

/** How far ingest has got with storing. */
export interface StoringNow {
  readonly storeAvailable: boolean;
  /** When the oldest batch that is not stored arrived, Unix ms; undefined: all are. */
  readonly oldestReceivedAtMs: number | undefined;
  /** Of the write buffer, 0 to 1. */
  readonly bufferFillRatio: number;
}

export interface AlertEventsDeps {
  readonly steps: TimelineSteps;
  readonly written: WrittenSteps;
  readonly rules: Pick<RuleLookup, 'get'>;
  readonly places: Places;
  readonly incidents: Pick<IncidentView, 'incidentOf'>;
  readonly suppressionOf: SuppressionOf;
  readonly storing: () => StoringNow;
  readonly own: OwnSamples;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
  readonly log: Logger;
}

/** Handed to ingest, and not known to be stored yet. */
interface Handed extends WrittenStep {
  readonly atMs: number;
}

/** Read and written between two turns of everything else: some 5 ms. */
const STEPS_AT_ONCE = 100;
/** Each may be a series of its own, of which central as an agent may have 20,000 an hour, and other rows of central need theirs. */
const MAX_STEPS_AN_HOUR = 10_000;
const HOUR_MS = 3_600_000;
/** Else rows that find no room are lost. */
const MAX_FILL = 0.5;
/** A step that is earlier than the one before by more than this was recorded after central's time was set back. */
const MAX_SHIFT_MS = 240_000;
/** Of one step, at one look each: longer than what passes by itself. */
const MAX_TRIES = 12;

/**
 * Writes each step of each alert as a row of `alert_event`, from the timeline in `state.db`. Which steps the store has is saved once it has them:
 * after a kill the others are written again, at the same times, so that none is lost and none is there twice.
 */
export class AlertEvents {
  readonly #deps: AlertEventsDeps;
  /** The last one handed to ingest. */
  #last: WrittenStep;
  #handed: Handed[] = [];
  #hourBeganMs: number;
  #inHour = 0;
  #isHeldUp = false;
  #isFailing = false;
  /** The last step that was no row, and how often. */
  #failed: { readonly sequence: number; readonly tries: number } | undefined;

  constructor(deps: AlertEventsDeps) {
    this.#deps = deps;
    this.#hourBeganMs = deps.clock.monotonicMs();
    const saved = deps.written.read();
    // What was before central wrote them at all stays where it is.
    this.#last = saved ?? { sequence: deps.steps.newestSequence(), timeMs: 0 };
    if (saved === undefined) deps.written.save(this.#last);
  }

  /** Every few seconds. */
  async look(signal: AbortSignal): Promise<void> {
    try {
      await this.#follow(signal);
      if (this.#isFailing) this.#deps.log.info('steps of alerts are written to the store again');
      this.#isFailing = false;
    } catch (err) {
      if (signal.aborted) throw err;
      if (!this.#isFailing)
        this.#deps.log.error({ err }, 'steps of alerts are not written to the store; it is tried again');
      this.#isFailing = true;
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    this.#saveStored();
    for (;;) {
      const room = this.#room();
      const steps = room === 0 ? [] : this.#deps.steps.after(this.#last.sequence, room);
      if (steps.length > 0) this.#write(steps);
      if (steps.length < STEPS_AT_ONCE) return;
      await nextTurn(signal);
    }
  }

  /** Those before the first one that is no row. Throws, with these written, for that one to be tried again. */
  #write(steps: readonly TimelineStep[]): void {
    const { own, clock } = this.#deps;
    const samples: Sample[] = [];
    let last = this.#last;
    let failure: { readonly err: unknown } | undefined;
    for (const step of steps) {
      const { sequence } = step;
      // Nobody is to find the canary in a list.
      if (isCanary(step.alert)) {
        last = { ...last, sequence };
        continue;
      }
      const timeMs = timeAfter(last.timeMs, step.recordedAtMs);
      try {
        samples.push(alertEventSample(step, this.#contextOf(step), timeMs));
      } catch (err) {
        if (!this.#isGivenUp(step, err)) {
          failure = { err };
          break;
        }
      }
      // The time of one that is left out stays free: after a kill the others are to get the same ones again.
      last = { sequence, timeMs };
    }
    if (last !== this.#last) {
      if (samples.length > 0) own.write(samples);
      // Read after ingest did: earlier than the arrival of these rows it would count them as stored while they wait.
      this.#handed.push({ ...last, atMs: clock.now() });
      this.#last = last;
      this.#inHour += samples.length;
    }
    if (failure !== undefined) throw failure.err;
  }

  /** True: it never becomes a row, and those after it are not to wait for it. */
  #isGivenUp({ sequence, alert, kind }: TimelineStep, err: unknown): boolean {
    const tries = this.#failed?.sequence === sequence ? this.#failed.tries + 1 : 1;
    this.#failed = { sequence, tries };
    if (tries < MAX_TRIES) return false;
    this.#deps.log.error(
      { err, step: sequence, alert: alert.id, event: kind, tries },
      'a step of an alert cannot be made into a row of alert_event: it is left out; the timeline of the alert has it',
    );
    return true;
  }

  #contextOf({ alert, severity }: TimelineStep): StepContext {
    const { rules, places, incidents, suppressionOf } = this.#deps;
    const isOver = alert.resolvedAtMs !== undefined;
    const present = { ...alert, severity };
    return {
      ...resourceOf(present, places),
      rule: rules.get(alert.rule),
      incident: isOver ? undefined : incidents.incidentOf(alert.id),
      suppression: isOver ? undefined : suppressionOf(present),
    };
  }

  /** Everything that arrived before the oldest batch that waits is stored, or refused for good. */
  #saveStored(): void {
    const { storing, written } = this.#deps;
    if (this.#handed.length === 0) return;
    const storedUntilMs = storing().oldestReceivedAtMs ?? Infinity;
    // In their order: after central's time was set back a later one has an earlier time.
    const waiting = this.#handed.findIndex(({ atMs }) => atMs >= storedUntilMs);
    const count = waiting === -1 ? this.#handed.length : waiting;
    const stored = this.#handed[count - 1];
    if (stored === undefined) return;
    written.save({ sequence: stored.sequence, timeMs: stored.timeMs });
    this.#handed = this.#handed.slice(count);
  }

  /** How many steps may be written now. */
  #room(): number {
    const { storing, clock, log } = this.#deps;
    const { storeAvailable, bufferFillRatio } = storing();
    if (!storeAvailable || bufferFillRatio > MAX_FILL) return 0;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#hourBeganMs >= HOUR_MS) {
      this.#hourBeganMs = nowMs;
      this.#inHour = 0;
      this.#isHeldUp = false;
    }
    const room = Math.min(STEPS_AT_ONCE, MAX_STEPS_AN_HOUR - this.#inHour);
    if (room <= 0 && !this.#isHeldUp) {
      this.#isHeldUp = true;
      log.warn(
        { maxStepsAnHour: MAX_STEPS_AN_HOUR },
        'more steps of alerts than are written to the store in an hour: the others follow later',
      );
    }
    return Math.max(0, room);
  }
}

/** Of one row after the other, so that no two are one point. Depends on what is saved and on the step alone. */
function timeAfter(lastMs: number, recordedAtMs: number): number {
  return recordedAtMs > lastMs || recordedAtMs < lastMs - MAX_SHIFT_MS ? recordedAtMs : lastMs + 1;
}
