import type { FieldValue } from '../../../contract/sample.ts';
import type { SampleBatch, SampleRow, SampleTable } from '../../samples/sample-table.ts';
import type { AlertBook } from './active-alerts.ts';
import { ArrivalOrder } from './arrival-order.ts';
import type { RuleRuntime } from './rule-runtime.ts';
import {
  entityKey,
  entityOf,
  guardsHold,
  planRule,
  valueIn,
  type RulePlan,
} from '../rules/kinds/threshold-plan.ts';

interface BoundPlan {
  readonly plan: RulePlan;
  readonly runtime: RuleRuntime;
}

interface Arrival {
  readonly agent: string;
  readonly receivedAtMs: number;
  readonly nowMs: number;
  /** Rows up to here were overtaken by newer ones: nothing starts from them. */
  readonly overtakenUpToMs: number;
}

/** Shapes of tables are few; agents that make up ever new ones must not fill memory. */
const MAX_SHAPES = 10_000;

/** Lays the threshold rules on each row of a batch. The hot path: a healthy row costs one comparison a rule. */
export class BatchJudge {
  readonly #book: AlertBook;
  readonly #byMeasurement = new Map<string, RuleRuntime[]>();
  readonly #plans = new Map<string, readonly BoundPlan[]>();
  readonly #order = new ArrivalOrder();
  judgedValues = 0;
  overtakenSamples = 0;

  constructor(runtimes: Iterable<RuleRuntime>, book: AlertBook) {
    this.#book = book;
    for (const runtime of runtimes) {
      if (runtime.rule.kind !== 'threshold') continue;
      const { measurement } = runtime.rule;
      this.#byMeasurement.set(measurement, [...(this.#byMeasurement.get(measurement) ?? []), runtime]);
    }
  }

  judge(batch: SampleBatch, receivedAtMs: number, nowMs: number): void {
    const overtakenUpTo = this.#order.enter(batch);
    for (const table of batch.tables) {
      const plans = this.#plansFor(table);
      if (plans.length === 0) continue;
      const overtakenUpToMs = overtakenUpTo === undefined ? -Infinity : overtakenUpTo(table);
      const arrival = { agent: batch.agent, receivedAtMs, nowMs, overtakenUpToMs };
      for (const bound of plans) this.#judgeTable(bound, table, arrival);
      this.judgedValues += plans.length * table.rows.length;
    }
  }

  #judgeTable({ plan, runtime }: BoundPlan, table: SampleTable, arrival: Arrival): void {
    const { compiled, entities } = runtime;
    for (const row of table.rows) {
      const value = valueIn(plan, row);
      if (value === undefined) continue;
      if (entities.size === 0 && !compiled.breaches(value)) continue;
      this.#judgeRow(plan, runtime, row, value, arrival);
    }
  }

  #judgeRow(plan: RulePlan, runtime: RuleRuntime, row: SampleRow, value: FieldValue, arrival: Arrival): void {
    const { compiled, entities } = runtime;
    const key = entityKey(plan, row, arrival.agent);
    const known = entities.get(key);
    const healthy = known?.state === undefined;
    const holds = guardsHold(plan, row);
    if (holds === undefined) return;
    if (healthy) {
      if (!holds || !compiled.breaches(value)) return;
      if (row.timeMs <= arrival.overtakenUpToMs) {
        this.overtakenSamples++;
        return;
      }
    }
    const evidence = {
      key,
      agent: arrival.agent,
      entity: known?.entity ?? entityOf(plan, row, arrival.agent),
      place: known?.place ?? placeOf(plan, row),
      sample: { timeMs: row.timeMs, judgements: holds ? compiled.judge(value) : compiled.allClear },
      value: typeof value === 'bigint' ? Number(value) : value,
      arrivedAtMs: arrival.receivedAtMs,
    };
    this.#book.step(runtime, evidence, arrival.nowMs);
  }

  #plansFor(table: SampleTable): readonly BoundPlan[] {
    const runtimes = this.#byMeasurement.get(table.measurement);
    if (runtimes === undefined) return [];
    const shape = `${table.measurement}|${table.tags.join()}|${table.fields.join()}`;
    let plans = this.#plans.get(shape);
    if (plans === undefined) {
      if (this.#plans.size >= MAX_SHAPES) this.#plans.clear();
      plans = runtimes.flatMap((runtime) => bind(runtime, table));
      this.#plans.set(shape, plans);
    }
    return plans;
  }
}

function bind(runtime: RuleRuntime, table: SampleTable): BoundPlan[] {
  if (runtime.rule.kind !== 'threshold') return [];
  const plan = planRule(runtime.rule, table);
  return plan === undefined ? [] : [{ plan, runtime }];
}

function placeOf(plan: RulePlan, row: SampleRow): { unit?: string; site?: string } {
  const unit = row.tags[plan.unitAt];
  const site = row.tags[plan.siteAt];
  return { ...(unit !== undefined && { unit }), ...(site !== undefined && { site }) };
}
