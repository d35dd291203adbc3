import { CENTRAL_AGENT } from '../../../contract/topics.ts';
import type { AlertSteps } from '../history/alert-journal.ts';
import type { AlertRecord, AlertWrite } from '../history/alert-record.ts';
import type { AlertEvent } from '../history/alert.ts';
import { isCanary } from '../history/canary-alarm.ts';
import { isFired, levelOf, transitionOf, type AlertState, type EventKind } from '../lifecycle/alert-state.ts';
import { isRecent } from '../lifecycle/flapping.ts';
import {
  eventOf,
  firedRecord,
  isGraver,
  leftInBreach,
  resolvedRecord,
  updatedRecord,
  withdrawal,
} from './alert-record-changes.ts';
import type { LiveEntities } from './live-entities.ts';
import { judgesReports, type LiveEntity, type RuleRuntime } from './rule-runtime.ts';
import type { UnsavedProgress } from './unsaved-progress.ts';

export interface StepRecorderDeps {
  readonly journal: AlertSteps;
  readonly entities: LiveEntities;
  readonly progress: UnsavedProgress;
}

/** What the new state of an entity means for its alert: the step that is told and written, or progress alone. */
export class StepRecorder {
  readonly #journal: AlertSteps;
  readonly #entities: LiveEntities;
  readonly #progress: UnsavedProgress;
  /** Since the start. */
  readonly transitions = new Map<EventKind, number>();

  constructor({ journal, entities, progress }: StepRecorderDeps) {
    this.#journal = journal;
    this.#entities = entities;
    this.#progress = progress;
  }

  recordTransition(
    runtime: RuleRuntime,
    live: LiveEntity,
    before: AlertState | undefined,
    arrivedAtMs: number | undefined,
    nowMs: number,
  ): void {
    if (live.closedByHand !== undefined) {
      this.#followClosed(runtime, live, live.closedByHand, before, arrivedAtMs, nowMs);
      return;
    }
    const kind = transitionOf(before, live.state);
    if (kind === undefined) {
      this.#recordProgress(runtime, live, before, nowMs);
      return;
    }
    const write =
      kind === 'fired' ? this.#fire(runtime, live, nowMs) : this.#change(runtime, live, kind, nowMs);
    if (write !== undefined) this.#record(kind, write, arrivedAtMs);
  }

  recordMove(runtime: RuleRuntime, live: LiveEntity, nowMs: number): void {
    if (live.alert === undefined || live.state === undefined) return;
    live.alert = updatedRecord(live.alert, runtime, live, live.state, nowMs);
    this.#journal.add({ record: live.alert, events: [] });
  }

  /** Closes its alert, if it has one, and forgets the rest. */
  withdraw(runtime: RuleRuntime, live: LiveEntity, nowMs: number): void {
    if (live.alert !== undefined) {
      this.#journal.add(withdrawal(live.alert, nowMs));
      this.#count('withdrawn');
    }
    this.#leaveClosed(live);
    this.forget(runtime, live);
  }

  forget(runtime: RuleRuntime, live: LiveEntity): void {
    this.#progress.end(runtime, live);
    this.#entities.remove(runtime, live);
  }

  #record(kind: EventKind, write: AlertWrite, arrivedAtMs: number | undefined): void {
    this.#journal.add(write, arrivedAtMs);
    if (!isCanary(write.record)) this.#count(kind);
  }

  #count(kind: EventKind): void {
    this.transitions.set(kind, (this.transitions.get(kind) ?? 0) + 1);
  }

  /** What a person closed stays closed while the same breach goes on; once it is graver than it was then, that is an alert of its own. */
  #followClosed(
    runtime: RuleRuntime,
    live: LiveEntity,
    closed: AlertRecord,
    before: AlertState | undefined,
    arrivedAtMs: number | undefined,
    nowMs: number,
  ): void {
    const { state } = live;
    if (state === undefined || !isFired(state)) {
      this.#leaveClosed(live);
      this.#rememberEnd(runtime, live, nowMs);
    } else if (isGraver(runtime, state, closed)) {
      this.#leaveClosed(live);
      live.state = { ...state, startedAtMs: live.lastSampleMs };
      live.startValue = live.value;
      const write = this.#fire(runtime, live, nowMs);
      if (write !== undefined) this.#record('fired', write, arrivedAtMs);
    } else if (phasesDiffer(before, state)) {
      this.#progress.note(runtime, live);
    }
  }

  #leaveClosed(live: LiveEntity): void {
    if (live.closedByHand === undefined) return;
    this.#journal.add({ record: leftInBreach(live.closedByHand), events: [] });
    live.closedByHand = undefined;
  }

  /** No event for an operator; still, progress that was lost must not come back after a restart. */
  #recordProgress(
    runtime: RuleRuntime,
    live: LiveEntity,
    before: AlertState | undefined,
    nowMs: number,
  ): void {
    if (live.state === undefined) {
      this.#progress.end(runtime, live);
      const isKept =
        live.closedAtMs !== undefined || isRecent(live.recent, runtime.stateRule, live.lastSampleMs);
      if (isKept) live.share.closed.set(live, runtime);
      else this.forget(runtime, live);
      return;
    }
    if (live.alert !== undefined && phasesDiffer(before, live.state)) {
      live.alert = updatedRecord(live.alert, runtime, live, live.state, nowMs);
      this.#journal.add({ record: live.alert, events: [] });
    } else if (live.state.levels.some((level) => level.phase === 'pending' || level.phase === 'clearing')) {
      this.#progress.note(runtime, live);
    }
  }

  #fire(runtime: RuleRuntime, live: LiveEntity, nowMs: number): AlertWrite | undefined {
    this.#progress.end(runtime, live);
    const { state } = live;
    if (state === undefined) return undefined;
    const record = firedRecord(runtime, live, state, nowMs);
    if (this.#journal.isRecorded(record.id)) {
      // Samples sent again after a restart: their alert is resolved already.
      live.state = undefined;
      this.#rememberEnd(runtime, live, nowMs);
      return undefined;
    }
    if (!this.#mayStep(runtime, live, nowMs)) {
      live.state = undefined;
      this.forget(runtime, live);
      return undefined;
    }
    live.alert = record;
    live.toldLevel = levelOf(state);
    const started: AlertEvent = {
      ...eventOf('started', record, nowMs),
      phase: 'pending',
      value: live.startValue,
      atMs: record.startedAtMs,
    };
    return { record, events: [started, eventOf('fired', record, nowMs)] };
  }

  #change(runtime: RuleRuntime, live: LiveEntity, kind: EventKind, nowMs: number): AlertWrite | undefined {
    const { alert, state } = live;
    if (alert === undefined) return undefined;
    if (kind !== 'resolved' && state !== undefined) {
      live.alert = updatedRecord(alert, runtime, live, state, nowMs);
      const level = levelOf(state);
      // A rise is always told. There is one to each fall that was told, and those have their limit.
      if (level <= live.toldLevel && !this.#mayStep(runtime, live, nowMs)) {
        // Where it stands is written with the next checkpoint.
        this.#progress.note(runtime, live);
        return undefined;
      }
      live.toldLevel = level;
      return { record: live.alert, events: [eventOf(kind, live.alert, nowMs)] };
    }
    live.alert = undefined;
    this.#rememberEnd(runtime, live, nowMs);
    const { value: lastValue, lastSampleMs } = live;
    const record = resolvedRecord({ ...alert, lastValue, lastSampleMs }, lastSampleMs, nowMs);
    return { record, events: [eventOf(kind, record, nowMs)] };
  }

  /** An alert may come and go with each row; an end is always written, as there is no more than one of each alert. */
  #mayStep(runtime: RuleRuntime, live: LiveEntity, nowMs: number): boolean {
    if (isAboutWardwatch(runtime, live) || live.share.steps.tryTake(1, nowMs)) return true;
    live.share.refused++;
    return false;
  }

  #rememberEnd(runtime: RuleRuntime, live: LiveEntity, nowMs: number): void {
    live.closedAtMs = nowMs;
    live.share.closed.set(live, runtime);
  }
}

/** Alerts about central and about silent agents are few, and must not be pushed out by what agents send. */
function isAboutWardwatch({ evaluator }: RuleRuntime, { agent }: LiveEntity): boolean {
  return agent === CENTRAL_AGENT || !judgesReports(evaluator);
}

function phasesDiffer(before: AlertState | undefined, after: AlertState): boolean {
  return after.levels.some((level, at) => level.phase !== before?.levels[at]?.phase);
}
