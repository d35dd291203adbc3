import { CENTRAL_AGENT } from '../../../contract/topics.ts';
import type { AlertSteps } from '../history/alert-journal.ts';
import type { EventKind } from '../lifecycle/alert-state.ts';
import { nextRecent } from '../lifecycle/flapping.ts';
import { gapLimitOf, nextAlertState } from '../lifecycle/next-alert-state.ts';
import { setPart, worstOf, type Part, type Parts } from '../lifecycle/parts.ts';
import type { EntityShares } from './entity-shares.ts';
import { bringBack, isKnown, partOf, type Evidence } from './evidence.ts';
import { LiveEntities } from './live-entities.ts';
import { isForgettable, type AgentShare, type LiveEntity, type RuleRuntime } from './rule-runtime.ts';
import { StepRecorder } from './step-recorder.ts';
import { UnsavedProgress } from './unsaved-progress.ts';

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
  readonly #journal: AlertSteps;
  readonly #shares: EntityShares;
  readonly #entities: LiveEntities;
  readonly #progress: UnsavedProgress;
  readonly #steps: StepRecorder;
  lateSamples = 0;
  /** Evaluations left out because all agents together have too many; those of an agent that has too many itself are in its share. */
  refusedEntities = 0;
  listener: EvidenceListener | undefined;

  /** `shares` has what is in the runtimes already. */
  constructor(runtimes: ReadonlyMap<string, RuleRuntime>, journal: AlertSteps, shares: EntityShares) {
    this.#journal = journal;
    this.#shares = shares;
    const entities = new LiveEntities(runtimes, shares);
    const progress = new UnsavedProgress(journal);
    this.#entities = entities;
    this.#progress = progress;
    this.#steps = new StepRecorder({ journal, entities, progress });
  }

  /** Since the start. */
  get transitions(): ReadonlyMap<EventKind, number> {
    return this.#steps.transitions;
  }

  shareOf(agent: string): AgentShare {
    return this.#shares.of(agent);
  }

  /** Whether one more entity may begin; counts it as refused if not. Drops what is resolved already before it refuses anything. */
  admits(share: AgentShare): boolean {
    if (this.#shares.hasRoom(share) || share.agent === CENTRAL_AGENT) return true;
    for (const [live, runtime] of share.closed) {
      this.#steps.forget(runtime, live);
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
    const live = known ?? this.#entities.add(runtime, evidence, parts, nowMs);
    if (before === undefined && after !== undefined) live.share.closed.delete(live);
    live.lastSampleMs = timeMs;
    live.touchedAtMs = nowMs;
    live.value = value;
    if (after !== undefined && after.startedAtMs !== before?.startedAtMs) live.startValue = value;
    live.state = after;
    live.recent = nextRecent(runtime.stateRule, live.recent, before, after);
    const hasMoved = this.#entities.follow(live, evidence);
    this.#steps.recordTransition(runtime, live, before, evidence.arrivedAtMs, nowMs);
    if (hasMoved) this.#steps.recordMove(runtime, live, nowMs);
    if (isNews && parts.size > 1 && live.alert !== undefined) this.#progress.note(runtime, live);
  }

  /** Writes progress, so that `for` and `clearFor` continue after a restart. `all`: the newest values too. False when the disk refuses. */
  writeCheckpoint(nowMs: number, all: boolean): boolean {
    return this.#progress.write(nowMs, all ? this.#entities.all() : undefined);
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
    for (const [live, runtime] of this.#entities.all()) {
      if (!isWanted(live, runtime)) continue;
      if (live.alert !== undefined) {
        count++;
        if (count % CLOSED_AT_ONCE === 0) this.#journal.flush();
      }
      this.withdrawEntity(runtime, live, nowMs);
    }
    this.#journal.flush();
    return count;
  }

  /** Closes its alert, if it has one, and forgets the rest. */
  withdrawEntity(runtime: RuleRuntime, live: LiveEntity, nowMs: number): void {
    this.#steps.withdraw(runtime, live, nowMs);
  }

  removeOld(nowMs: number): void {
    for (const [live, runtime] of this.#entities.all()) {
      if (!isForgettable(runtime, live, nowMs)) continue;
      if (live.state !== undefined) this.listener?.onForgotten?.(runtime, live);
      this.#steps.forget(runtime, live);
    }
  }
}
