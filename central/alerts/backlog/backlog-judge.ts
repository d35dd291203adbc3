import type { Catalogue } from '../../../contract/catalogue.ts';
import type { AgentTime } from '../engine/agent-time.ts';
import { ActiveAlerts, type EvidenceListener } from '../engine/active-alerts.ts';
import { EntityShares } from '../engine/entity-shares.ts';
import { BatchEvaluator, type KeyNotes } from '../engine/evaluate-batch.ts';
import { createRuntime, type LiveEntity, type RuleRuntime } from '../engine/rule-runtime.ts';
import type { WatchedDevice } from '../engine/watched-device.ts';
import type { AlertSteps } from '../history/alert-journal.ts';
import type { AlertWrite } from '../history/alert-record.ts';
import type { SampleBatch } from '../../samples/sample-table.ts';
import { createRule } from '../rules/create-rule.ts';
import type { RowEvaluator, RuleKind } from '../rules/kinds/rule-kind.ts';
import type { AlertRule } from '../rules/rule.ts';
import type { LiveSample } from './live-log.ts';

export interface BacklogJudgeDeps {
  readonly catalogue: Catalogue;
  readonly kinds: readonly RuleKind[];
  readonly devices: () => ReadonlyMap<string, WatchedDevice>;
  readonly keyNotes: KeyNotes;
  /** Of each piece of evidence, before it is applied. */
  readonly onEvidence: EvidenceListener['onEvidence'];
  /** Of each step of an alert. */
  readonly onStep: (write: AlertWrite) => void;
}

/** Entities in breach, of all agents together and of one: less than live, since what is healthy takes no room. */
const LIMITS = { maxEntities: 20_000, maxEntitiesPerAgent: 2_000, assuredPerAgent: 20 };

/** Rules that read rows, with a state of their own: evaluation, life and flapping are those of live judging. */
export class BacklogJudge {
  readonly runtimes = new Map<string, RuleRuntime<RowEvaluator>>();
  readonly #deps: BacklogJudgeDeps;
  readonly #shares: EntityShares;
  readonly #alerts: ActiveAlerts;
  readonly #batches: BatchEvaluator;

  constructor(deps: BacklogJudgeDeps, rules: readonly AlertRule[], nowMs: number) {
    const { devices, keyNotes, onEvidence, onStep } = deps;
    this.#deps = deps;
    this.#shares = new EntityShares(LIMITS, nowMs);
    this.#alerts = new ActiveAlerts(this.runtimes, stepsTo(onStep), this.#shares);
    this.#alerts.listener = { onEvidence };
    this.#batches = new BatchEvaluator([], this.#alerts, devices, nowMs, { isHistory: true, keyNotes });
    this.useRules(rules);
  }

  /** Breaches for which there was no room, since the last call. */
  takeRefused(): number {
    const ofAll = this.#alerts.refusedEntities;
    this.#alerts.refusedEntities = 0;
    return this.#shares.takeLimited().reduce((sum, { refused }) => sum + refused, ofAll);
  }

  /** What an edited rule has found so far is forgotten. */
  useRules(rules: readonly AlertRule[]): void {
    const wanted = new Map(rules.filter(readsRows).map((rule) => [rule.id, rule]));
    for (const [id, runtime] of this.runtimes) {
      if (wanted.get(id)?.hash === runtime.rule.hash) continue;
      for (const key of [...runtime.entities.keys()]) this.remove(runtime, key);
      this.runtimes.delete(id);
    }
    for (const [id, rule] of wanted) {
      if (!this.runtimes.has(id)) this.runtimes.set(id, this.#runtimeOf(rule));
    }
    this.#batches.use([...this.runtimes.values()]);
  }

  evaluate(batch: SampleBatch, time: AgentTime, nowMs: number): void {
    this.#batches.evaluate(batch, time, nowMs);
  }

  /** One sample of an entity that is known here. */
  apply(runtime: RuleRuntime, live: LiveEntity, sample: LiveSample, nowMs: number): void {
    const { key, agent, entity, location, tags } = live;
    const { part, value, timeMs, evaluations } = sample;
    const known = { key, agent, entity, location, tags: tags ?? entity };
    this.#alerts.applyEvidence(
      runtime,
      { ...known, part, value, sample: { timeMs, evaluations }, arrivedAtMs: nowMs },
      nowMs,
    );
  }

  /** Begins from where an entity stands. False: there is no room. */
  add(runtime: RuleRuntime, live: Omit<LiveEntity, 'share'>): boolean {
    const share = this.#shares.of(live.agent);
    if (!this.#shares.hasRoom(share)) return false;
    runtime.entities.set(live.key, { ...live, share });
    this.#shares.add(share);
    return true;
  }

  remove(runtime: RuleRuntime, key: string): void {
    const live = runtime.entities.get(key);
    if (live === undefined) return;
    runtime.entities.delete(key);
    this.#shares.remove(live.share, live);
  }

  /** An evaluator of its own: some remember the samples that they have seen. */
  #runtimeOf(rule: AlertRule): RuleRuntime<RowEvaluator> {
    const { catalogue, kinds } = this.#deps;
    const { evaluator } = createRule(rule, catalogue, kinds);
    const runtime = createRuntime({ ...rule, evaluator });
    if (!evaluatesRows(runtime)) throw new Error(`rule ${rule.id} no longer reads rows`);
    return runtime;
  }
}

function readsRows({ evaluator }: AlertRule): boolean {
  return evaluator.reads === 'rows';
}

function evaluatesRows(runtime: RuleRuntime): runtime is RuleRuntime<RowEvaluator> {
  return runtime.evaluator.reads === 'rows';
}

/** Nothing of it is on disk by itself. */
function stepsTo(onStep: (write: AlertWrite) => void): AlertSteps {
  return { add: onStep, endPending: () => undefined, isRecorded: () => false, flush: () => true };
}
