import type { Catalogue } from '../../../contract/catalogue.ts';
import type { AgentTime } from '../engine/agent-time.ts';
import { ActiveAlerts, type EvidenceListener } from '../engine/active-alerts.ts';
import { EntityShares } from '../engine/entity-shares.ts';
import { BatchEvaluator, type KeyNotes } from '../engine/evaluate-batch.ts';
import { replaceRules } from '../engine/replace-rules.ts';
import type { LiveEntity, RuleRuntime } from '../engine/rule-runtime.ts';
import type { WatchedDevice } from '../engine/watched-device.ts';
import type { AlertSteps } from '../history/alert-journal.ts';
import type { AlertWrite } from '../history/alert-record.ts';
import type { SampleBatch } from '../../samples/sample-table.ts';
import { createRule } from '../rules/create-rule.ts';
import type { RowEvaluator, RuleKind } from '../rules/kinds/rule-kind.ts';
import type { AlertRule } from '../rules/rule.ts';
import type { About } from './entity-track.ts';
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
  readonly runtimes = new Map<string, RuleRuntime>();
  readonly #deps: BacklogJudgeDeps;
  readonly #shares: EntityShares;
  readonly #steps: AlertSteps;
  readonly #alerts: ActiveAlerts;
  readonly #batches: BatchEvaluator;

  constructor(deps: BacklogJudgeDeps, rules: readonly AlertRule[], nowMs: number) {
    const { devices, keyNotes, onEvidence, onStep } = deps;
    this.#deps = deps;
    this.#shares = new EntityShares(LIMITS, nowMs);
    this.#steps = stepsTo(onStep);
    this.#alerts = new ActiveAlerts(this.runtimes, this.#steps, this.#shares);
    this.#alerts.listener = { onEvidence };
    this.#batches = new BatchEvaluator([], this.#alerts, devices, nowMs, { isHistory: true, keyNotes });
    this.useRules(rules, nowMs);
  }

  /** For one more breach of that agent. */
  hasRoom(agent: string): boolean {
    const share = this.#shares.of(agent);
    return this.#shares.hasRoom(share) || share.closed.size > 0;
  }

  /** What an edited rule has found so far goes on as it does live. */
  useRules(rules: readonly AlertRule[], nowMs: number): void {
    const read = rules.filter(readsRows).map((rule) => this.#withOwnEvaluator(rule));
    replaceRules({ runtimes: this.runtimes, alerts: this.#alerts, journal: this.#steps }, read, nowMs);
    this.#batches.use([...this.runtimes.values()].filter(evaluatesRows));
  }

  evaluate(batch: SampleBatch, time: AgentTime, nowMs: number): void {
    this.#batches.evaluate(batch, time, nowMs);
  }

  /** One sample of one entity. */
  apply(
    runtime: RuleRuntime,
    { key, agent, entity, location, tags }: Pick<LiveEntity, 'key' | 'agent'> & About,
    { part, value, timeMs, evaluations }: LiveSample,
    nowMs: number,
  ): void {
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

  /** Some evaluators remember the samples that they have seen. */
  #withOwnEvaluator(rule: AlertRule): AlertRule {
    const { catalogue, kinds } = this.#deps;
    const { evaluator } = createRule(rule, catalogue, kinds);
    return { ...rule, evaluator };
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
