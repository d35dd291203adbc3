import { CENTRAL_AGENT } from '../../../contract/topics.ts';
import type { AlertSteps } from '../history/alert-journal.ts';
import type { AlertRecord, AlertWrite, PendingRecord } from '../history/alert-record.ts';
import type { AlertEvent } from '../history/alert.ts';
import type { AlertValue } from '../lifecycle/alert-value.ts';
import {
  isFired,
  levelOf,
  transitionOf,
  type AlertState,
  type EvaluatedSample,
  type EventKind,
} from '../lifecycle/alert-state.ts';
import { isRecent, nextRecent, NOTHING_RECENT } from '../lifecycle/flapping.ts';
import { gapLimitOf, nextAlertState } from '../lifecycle/next-alert-state.ts';
import { setPart, worstOf, type Part, type Parts } from '../lifecycle/parts.ts';
import type { EntityShares } from './entity-shares.ts';
import {
  closedInBreach,
  eventOf,
  firedRecord,
  isGraver,
  leftInBreach,
  pendingRecord,
  resolvedRecord,
  updatedRecord,
  withdrawal,
} from './alert-record-changes.ts';
import {
  isForgettable,
  judgesReports,
  type AgentShare,
  type LiveEntity,
  type RuleRuntime,
} from './rule-runtime.ts';
import type { Location } from '../../samples/location.ts';

/** One evaluated sample of one entity. */
export interface Evidence {
  readonly key: string;
  readonly agent: string;
  /** Which of those who tell of the entity. */
  readonly part: string;
  readonly entity: Readonly<Record<string, string>>;
  readonly location: Location;
  /** All of the sample. */
  readonly tags: Readonly<Record<string, string>>;
  readonly sample: EvaluatedSample;
  readonly value: AlertValue;
  /** The time of the sample as it was sent, where it is one. */
  readonly sentTimeMs?: number;
  /** Of its batch, for the latency of alerts. */
  readonly arrivedAtMs?: number;
}

export interface EvidenceListener {
  /** Of each piece of evidence that counts, before it is applied. */
  onEvidence(runtime: RuleRuntime, evidence: Evidence): void;
  /** A breach that was pending is so old that the next sample begins a new one. */
  onForgotten?(runtime: RuleRuntime, live: LiveEntity): void;
}

/** Alerts that are closed in one transaction: one of all would hold up everything else. */
const CLOSED_AT_ONCE = 500;

/** The alerts and pending breaches of all rules: applies evidence and hands what changed to the journal. */
export class ActiveAlerts {
  readonly #runtimes: ReadonlyMap<string, RuleRuntime>;
  readonly #journal: AlertSteps;
  /** Progress of `for` and `clearFor` that is not on disk yet. */
  readonly #dirty = new Map<LiveEntity, RuleRuntime>();
  readonly #shares: EntityShares;
  lateSamples = 0;
  /** Evaluations left out because all agents together have too many; those of an agent that has too many itself are in its share. */
  refusedEntities = 0;
  readonly transitions = new Map<EventKind, number>();
  listener: EvidenceListener | undefined;

  /** `shares` has what is in the runtimes already. */
  constructor(runtimes: ReadonlyMap<string, RuleRuntime>, journal: AlertSteps, shares: EntityShares) {
    this.#runtimes = runtimes;
    this.#journal = journal;
    this.#shares = shares;
  }

  shareOf(agent: string): AgentShare {
    return this.#shares.of(agent);
  }

  /** Whether one more entity may begin; counts it as refused if not. Drops what is resolved already before it refuses anything. */
  admits(share: AgentShare): boolean {
    if (this.#shares.hasRoom(share) || share.agent === CENTRAL_AGENT) return true;
    for (const [live, runtime] of share.closed) {
      this.#removeEntity(runtime, live);
      if (this.#shares.hasRoom(share)) return true;
    }
    if (this.#shares.isOwnLimitReached(share)) share.refused++;
    else this.refusedEntities++;
    return false;
  }

  applyEvidence(runtime: RuleRuntime, evidence: Evidence, nowMs: number): void {
    const known = runtime.entities.get(evidence.key);
    const arrivedAtMs = evidence.arrivedAtMs ?? nowMs;
    if (known !== undefined && known.lastSampleMs > arrivedAtMs) bringBack(known, evidence.sample.timeMs);
    const before = known?.state;
    const freshForMs = gapLimitOf(runtime.stateRule, before);
    if (known !== undefined && isKnown(evidence, known, freshForMs)) {
      this.lateSamples++;
      known.touchedAtMs = nowMs;
      return;
    }
    this.listener?.onEvidence(runtime, evidence);
    const parts: Parts = known?.parts ?? new Map<string, Part>();
    const timeMs = Math.max(evidence.sample.timeMs, known?.lastSampleMs ?? -Infinity);
    const part = partOf(evidence);
    const isNews = setPart(parts, evidence.part, part);
    const { evaluations, value } = parts.size === 1 ? part : worstOf(parts, timeMs - freshForMs);
    const sample = { timeMs, sinceMs: evidence.sample.sinceMs, evaluations };
    const after = nextAlertState(runtime.stateRule, before, sample, known?.recent);
    if (known === undefined && after === undefined) return;
    const live = known ?? this.#addEntity(runtime, evidence, parts, nowMs);
    if (before === undefined && after !== undefined) live.share.closed.delete(live);
    live.lastSampleMs = timeMs;
    live.touchedAtMs = nowMs;
    live.value = value;
    if (after !== undefined && after.startedAtMs !== before?.startedAtMs) live.startValue = value;
    live.state = after;
    live.recent = nextRecent(runtime.stateRule, live.recent, before, after);
    const hasMoved = this.#follow(live, evidence);
    this.#recordTransition(runtime, live, before, evidence.arrivedAtMs, nowMs);
    if (hasMoved) this.#recordMove(runtime, live, nowMs);
    if (isNews && parts.size > 1 && live.alert !== undefined) this.#dirty.set(live, runtime);
  }

  /** Writes progress, so that `for` and `clearFor` continue after a restart. `all`: the newest values too. False when the disk refuses. */
  writeCheckpoint(nowMs: number, all: boolean): boolean {
    if (!this.#journal.flush()) return false;
    const pending: PendingRecord[] = [];
    const touched = all ? this.#allEntities() : this.#dirty;
    const saved: LiveEntity[] = [];
    for (const [live, runtime] of touched) {
      if (live.state === undefined) continue;
      if (live.alert !== undefined) {
        live.alert = updatedRecord(live.alert, runtime, live, live.state, nowMs);
        this.#journal.add({ record: live.alert, events: [] });
      } else if (live.closedByHand !== undefined) {
        live.closedByHand = closedInBreach(live.closedByHand, runtime, live, live.state);
        this.#journal.add({ record: live.closedByHand, events: [] });
      } else {
        pending.push(pendingRecord(runtime, live, live.state));
        saved.push(live);
      }
    }
    if (!this.#journal.flush(pending)) return false;
    for (const live of saved) live.pendingSaved = true;
    this.#dirty.clear();
    return true;
  }

  /** As `withdrawAll`, about the agent, of the rules that `isWanted`. */
  withdraw(agent: string, nowMs: number, isWanted: (runtime: RuleRuntime) => boolean): number {
    const count = this.withdrawAll((live, runtime) => live.agent === agent && isWanted(runtime), nowMs);
    this.#shares.forget(agent);
    return count;
  }

  /** Closes what is open and forgets the rest, of all that `isWanted`; returns how many alerts were open. */
  withdrawAll(isWanted: (live: LiveEntity, runtime: RuleRuntime) => boolean, nowMs: number): number {
    let count = 0;
    for (const runtime of this.#runtimes.values()) {
      for (const live of runtime.entities.values()) {
        if (!isWanted(live, runtime)) continue;
        if (live.alert !== undefined) {
          count++;
          if (count % CLOSED_AT_ONCE === 0) this.#journal.flush();
        }
        this.withdrawEntity(runtime, live, nowMs);
      }
    }
    this.#journal.flush();
    return count;
  }

  /** Closes its alert, if it has one, and forgets the rest. */
  withdrawEntity(runtime: RuleRuntime, live: LiveEntity, nowMs: number): void {
    if (live.alert !== undefined) {
      this.#journal.add(withdrawal(live.alert, nowMs));
      this.transitions.set('withdrawn', (this.transitions.get('withdrawn') ?? 0) + 1);
    }
    this.#leaveClosed(live);
    this.#removeEntity(runtime, live);
  }

  removeOld(nowMs: number): void {
    for (const runtime of this.#runtimes.values()) {
      for (const live of runtime.entities.values()) {
        if (!isForgettable(runtime, live, nowMs)) continue;
        if (live.state !== undefined) this.listener?.onForgotten?.(runtime, live);
        this.#removeEntity(runtime, live);
      }
    }
  }

  /** It is where its newest sample says, and told of by who sent that, once nobody says otherwise. */
  #follow(live: LiveEntity, { agent, location }: Evidence): boolean {
    const isTakenOver =
      live.agent !== agent && ![...live.parts.values()].some((part) => part.agent === live.agent);
    if (isTakenOver) {
      this.#shares.remove(live.share, live);
      live.agent = agent;
      live.share = this.#shares.of(agent);
      this.#shares.add(live.share);
    }
    const { unit, site } = live.location;
    if (live.parts.size > 1 || (location.unit === unit && location.site === site)) return isTakenOver;
    live.location = location;
    return true;
  }

  #recordMove(runtime: RuleRuntime, live: LiveEntity, nowMs: number): void {
    if (live.alert === undefined || live.state === undefined) return;
    live.alert = updatedRecord(live.alert, runtime, live, live.state, nowMs);
    this.#journal.add({ record: live.alert, events: [] });
  }

  #addEntity(runtime: RuleRuntime, evidence: Evidence, parts: Parts, nowMs: number): LiveEntity {
    const { key, entity, agent, location, tags, value, sample } = evidence;
    const live: LiveEntity = {
      key,
      entity,
      agent,
      share: this.#shares.of(agent),
      location,
      tags,
      state: undefined,
      lastSampleMs: sample.timeMs,
      parts,
      touchedAtMs: nowMs,
      startValue: value,
      value,
      alert: undefined,
      toldLevel: -1,
      closedByHand: undefined,
      closedAtMs: undefined,
      pendingSaved: false,
      recent: NOTHING_RECENT,
    };
    runtime.entities.set(key, live);
    this.#shares.add(live.share);
    return live;
  }

  #recordTransition(
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

  #record(kind: EventKind, write: AlertWrite, arrivedAtMs: number | undefined): void {
    this.#journal.add(write, arrivedAtMs);
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
      this.#dirty.set(live, runtime);
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
      this.#endPending(runtime, live);
      const isKept =
        live.closedAtMs !== undefined || isRecent(live.recent, runtime.stateRule, live.lastSampleMs);
      if (isKept) live.share.closed.set(live, runtime);
      else this.#removeEntity(runtime, live);
      return;
    }
    if (live.alert !== undefined && phasesDiffer(before, live.state)) {
      live.alert = updatedRecord(live.alert, runtime, live, live.state, nowMs);
      this.#journal.add({ record: live.alert, events: [] });
    } else if (live.state.levels.some((level) => level.phase === 'pending' || level.phase === 'clearing')) {
      this.#dirty.set(live, runtime);
    }
  }

  #fire(runtime: RuleRuntime, live: LiveEntity, nowMs: number): AlertWrite | undefined {
    this.#endPending(runtime, live);
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
      this.#removeEntity(runtime, live);
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
        this.#dirty.set(live, runtime);
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

  #endPending(runtime: RuleRuntime, live: LiveEntity): void {
    this.#dirty.delete(live);
    if (live.pendingSaved) this.#journal.endPending({ rule: runtime.rule.id, entityKey: live.key });
    live.pendingSaved = false;
  }

  #removeEntity(runtime: RuleRuntime, live: LiveEntity): void {
    this.#endPending(runtime, live);
    if (runtime.entities.delete(live.key)) this.#shares.remove(live.share, live);
  }

  #allEntities(): Map<LiveEntity, RuleRuntime> {
    const all = new Map<LiveEntity, RuleRuntime>();
    for (const runtime of this.#runtimes.values()) {
      for (const live of runtime.entities.values()) all.set(live, runtime);
    }
    return all;
  }
}

/** Alerts about central and about silent agents are few, and must not be pushed out by what agents send. */
function isAboutWardwatch({ evaluator }: RuleRuntime, { agent }: LiveEntity): boolean {
  return agent === CENTRAL_AGENT || !judgesReports(evaluator);
}

/** Something newer was evaluated, or the same sample, which may be sent again and again. */
function isKnown({ part, sample, sentTimeMs }: Evidence, live: LiveEntity, freshForMs: number): boolean {
  const known = live.parts.get(part);
  if (known !== undefined) {
    const isSame = sentTimeMs !== undefined && sentTimeMs === known.sentTimeMs;
    return sample.timeMs <= known.timeMs || isSame;
  }
  // Others told of it so far: only what is too old to count is late.
  return sample.timeMs <= live.lastSampleMs - (live.parts.size > 0 ? freshForMs : 0);
}

function partOf({ agent, sample, sentTimeMs, value }: Evidence): Part {
  const { timeMs, evaluations } = sample;
  return { agent, timeMs, freshFromMs: timeMs, sentTimeMs, evaluations, value };
}

/** Central's time was set back, also by a restart with a right clock: nothing can have been seen later than now. */
function bringBack(live: LiveEntity, sampleMs: number): void {
  const aheadMs = live.lastSampleMs - sampleMs + 1;
  live.lastSampleMs -= aheadMs;
  for (const [key, part] of live.parts) live.parts.set(key, moveBack(part, aheadMs));
  const { state } = live;
  if (state === undefined) return;
  live.state = {
    ...state,
    startedAtMs: state.startedAtMs - aheadMs,
    lastSampleMs: state.lastSampleMs - aheadMs,
  };
}

function moveBack(part: Part, byMs: number): Part {
  return { ...part, timeMs: part.timeMs - byMs, freshFromMs: part.freshFromMs - byMs };
}

function phasesDiffer(before: AlertState | undefined, after: AlertState): boolean {
  return after.levels.some((level, at) => level.phase !== before?.levels[at]?.phase);
}
