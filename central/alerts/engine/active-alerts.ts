import type { AlertWrite, PendingRecord } from '../history/alert-record.ts';
import { nextAlertState, type AlertState, type JudgedSample } from '../lifecycle/alert-state.ts';
import type { AlertEvent, AlertValue } from '../history/alert.ts';
import type { Outbox } from '../history/alert-journal.ts';
import { closedRecord, eventOf, firedRecord, pendingRecord, updatedRecord } from './alert-record-changes.ts';
import { isForgettable, type LiveEntity, type RuleRuntime } from './rule-runtime.ts';
import type { Location } from '../../samples/location.ts';
import { transitionOf, type EventKind } from '../lifecycle/transition.ts';

/** One judged sample of one entity. */
export interface Evidence {
  readonly key: string;
  readonly agent: string;
  readonly entity: Readonly<Record<string, string>>;
  readonly place: Location;
  readonly sample: JudgedSample;
  readonly value: AlertValue;
  /** Of the batch; for the age of the announcement. */
  readonly arrivedAtMs?: number;
}

/** Entities that are not healthy, over all rules; a flood of made-up names ends here. */
const MAX_LIVE = 200_000;

/** Moves the alerts on and hands what changed to the outbox. */
export class AlertBook {
  readonly #runtimes: ReadonlyMap<string, RuleRuntime>;
  readonly #outbox: Outbox;
  /** Served time that is not on disk yet. */
  readonly #dirty = new Map<LiveEntity, RuleRuntime>();
  #live = 0;
  lateSamples = 0;
  refusedEntities = 0;
  readonly transitions = new Map<EventKind, number>();

  constructor(runtimes: ReadonlyMap<string, RuleRuntime>, outbox: Outbox) {
    this.#runtimes = runtimes;
    this.#outbox = outbox;
    for (const runtime of runtimes.values()) this.#live += runtime.entities.size;
  }

  step(runtime: RuleRuntime, evidence: Evidence, nowMs: number): void {
    const known = runtime.entities.get(evidence.key);
    if (known !== undefined && evidence.sample.timeMs <= known.lastSampleMs) {
      this.lateSamples++;
      return;
    }
    const before = known?.state;
    const after = nextAlertState(runtime.compiled.stateRule, before, evidence.sample);
    if (known === undefined && after === undefined) return;
    const live = known ?? this.#admit(runtime, evidence, nowMs);
    if (live === undefined) return;
    live.lastSampleMs = evidence.sample.timeMs;
    live.touchedAtMs = nowMs;
    live.value = evidence.value;
    if (after !== undefined && after.startedAtMs !== before?.startedAtMs) live.startValue = evidence.value;
    live.state = after;
    this.#settle(runtime, live, before, evidence.arrivedAtMs, nowMs);
  }

  /** Writes served time, so that `for` and `clearFor` go on after a restart. `all`: the newest values too. */
  checkpoint(nowMs: number, all: boolean): boolean {
    if (!this.#outbox.flush()) return false;
    const pending: PendingRecord[] = [];
    const touched = all ? this.#everything() : this.#dirty;
    const saved: LiveEntity[] = [];
    for (const [live, runtime] of touched) {
      if (live.state === undefined) continue;
      if (live.alert !== undefined) {
        live.alert = updatedRecord(live.alert, runtime, live, live.state, nowMs);
        this.#outbox.add({ record: live.alert, events: [] }, runtime.rule);
      } else {
        pending.push(pendingRecord(runtime, live, live.state));
        saved.push(live);
      }
    }
    if (!this.#outbox.flush(pending)) return false;
    for (const live of saved) live.pendingSaved = true;
    this.#dirty.clear();
    return true;
  }

  forgetOld(nowMs: number): void {
    for (const runtime of this.#runtimes.values()) {
      for (const live of runtime.entities.values()) {
        if (isForgettable(runtime, live, nowMs)) this.#forget(runtime, live);
      }
    }
  }

  #admit(runtime: RuleRuntime, evidence: Evidence, nowMs: number): LiveEntity | undefined {
    if (this.#live >= MAX_LIVE) {
      this.refusedEntities++;
      return undefined;
    }
    const { key, entity, agent, place, value, sample } = evidence;
    const live: LiveEntity = {
      key,
      entity,
      agent,
      place,
      state: undefined,
      lastSampleMs: sample.timeMs,
      touchedAtMs: nowMs,
      startValue: value,
      value,
      alert: undefined,
      closedAtMs: undefined,
      pendingSaved: false,
    };
    runtime.entities.set(key, live);
    this.#live++;
    return live;
  }

  #settle(
    runtime: RuleRuntime,
    live: LiveEntity,
    before: AlertState | undefined,
    arrivedAtMs: number | undefined,
    nowMs: number,
  ): void {
    const kind = transitionOf(before, live.state);
    if (kind === undefined) {
      this.#settleQuietly(runtime, live, before, nowMs);
      return;
    }
    const write =
      kind === 'fired' ? this.#fire(runtime, live, nowMs) : this.#change(runtime, live, kind, nowMs);
    if (write === undefined) return;
    this.#outbox.add(write, runtime.rule, arrivedAtMs);
    this.transitions.set(kind, (this.transitions.get(kind) ?? 0) + 1);
  }

  /** No news for the operator; still, time that is served no more must not come back after a restart. */
  #settleQuietly(
    runtime: RuleRuntime,
    live: LiveEntity,
    before: AlertState | undefined,
    nowMs: number,
  ): void {
    if (live.state === undefined) {
      this.#endPending(runtime, live);
      if (live.closedAtMs === undefined) this.#forget(runtime, live);
      return;
    }
    if (live.alert !== undefined && phasesDiffer(before, live.state)) {
      live.alert = updatedRecord(live.alert, runtime, live, live.state, nowMs);
      this.#outbox.add({ record: live.alert, events: [] }, runtime.rule);
    } else if (live.state.levels.some((level) => level.phase === 'pending' || level.phase === 'clearing')) {
      this.#dirty.set(live, runtime);
    }
  }

  #fire(runtime: RuleRuntime, live: LiveEntity, nowMs: number): AlertWrite | undefined {
    this.#endPending(runtime, live);
    const { state } = live;
    if (state === undefined) return undefined;
    const record = firedRecord(runtime, live, state, nowMs);
    if (this.#outbox.isRecorded(record.id)) {
      // A replay of what was already judged and closed before the restart.
      live.state = undefined;
      live.closedAtMs = nowMs;
      return undefined;
    }
    live.alert = record;
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
      return { record: live.alert, events: [eventOf(kind, live.alert, nowMs)] };
    }
    live.alert = undefined;
    live.closedAtMs = nowMs;
    const { value: lastValue, lastSampleMs } = live;
    const record = closedRecord({ ...alert, lastValue, lastSampleMs }, lastSampleMs, nowMs);
    return { record, events: [eventOf(kind, record, nowMs)] };
  }

  #endPending(runtime: RuleRuntime, live: LiveEntity): void {
    this.#dirty.delete(live);
    if (live.pendingSaved) this.#outbox.endPending({ rule: runtime.rule.id, entityKey: live.key });
    live.pendingSaved = false;
  }

  #forget(runtime: RuleRuntime, live: LiveEntity): void {
    this.#endPending(runtime, live);
    if (runtime.entities.delete(live.key)) this.#live--;
  }

  #everything(): Map<LiveEntity, RuleRuntime> {
    const all = new Map<LiveEntity, RuleRuntime>();
    for (const runtime of this.#runtimes.values()) {
      for (const live of runtime.entities.values()) all.set(live, runtime);
    }
    return all;
  }
}

function phasesDiffer(before: AlertState | undefined, after: AlertState): boolean {
  return after.levels.some((level, at) => level.phase !== before?.levels[at]?.phase);
}
