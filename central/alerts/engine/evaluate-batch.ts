import type { FieldValue } from '../../../contract/sample.ts';
import { locationFrom, type Location } from '../../samples/location.ts';
import { namedTags } from '../../samples/named-tags.ts';
import type { SampleBatch, SampleRow, SampleTable } from '../../samples/sample-table.ts';
import { seriesNote, type SeriesNote } from '../../samples/series.ts';
import type { RowEvaluator, RowPlan } from '../rules/kinds/rule-kind.ts';
import type { ActiveAlerts } from './active-alerts.ts';
import { ArrivalOrder } from './arrival-order.ts';
import { DeviceOwners } from './device-owners.ts';
import { judgedTimeMs, measuredTimeMs, type AgentTime } from './agent-time.ts';
import {
  entityKey,
  entityOf,
  findEntityColumns,
  KEY_SEPARATOR,
  type EntityColumns,
} from './entity-columns.ts';
import type { WatchedDevice } from './watched-device.ts';
import type { AgentShare, RuleRuntime } from './rule-runtime.ts';

interface TagFilter {
  readonly at: number;
  readonly values: ReadonlySet<string>;
}

/** One rule over tables of one shape. */
interface TablePlan {
  readonly plan: RowPlan;
  readonly where: readonly TagFilter[];
  readonly columns: EntityColumns;
  readonly keyNote: SeriesNote<string>;
  readonly runtime: RuleRuntime<RowEvaluator>;
}

/** The rules over tables of one shape. */
interface Shape {
  readonly measurement: string;
  readonly plans: readonly TablePlan[];
}

interface Arrival extends AgentTime {
  readonly agent: string;
  readonly share: AgentShare;
  readonly nowMs: number;
  /** Rows of a table up to this time were overtaken by newer ones: nothing starts from them. Undefined: none were. */
  readonly overtakenUpTo: ((table: SampleTable) => number) | undefined;
}

export interface BatchEvaluatorOptions {
  /** Batches are history: their times count whatever their age, and of a device that several watch only its owner's word. */
  readonly isHistory?: boolean;
  /** Keys of entities by the names of their tags, where another evaluator keeps them with the series, too. */
  readonly keyNotes?: KeyNotes;
}

/** Rules with the same entity tags share the key that is kept with a series. */
export type KeyNotes = Map<string, SeriesNote<string>>;

const NOTHING_OVERTAKEN = (): number => -Infinity;

/** Evaluates the rules that read rows. The hot path: a healthy row costs one comparison a rule. */
export class BatchEvaluator {
  readonly #alerts: ActiveAlerts;
  readonly #devices: () => ReadonlyMap<string, WatchedDevice>;
  #byMeasurement = new Map<string, RuleRuntime<RowEvaluator>[]>();
  /** By the array of their fields, which all tables of a shape share: see SampleTable. */
  #shapes = new WeakMap<readonly string[], Shape>();
  readonly #keyNotes: KeyNotes;
  readonly #isHistory: boolean;
  readonly #order = new ArrivalOrder();
  readonly #owners: DeviceOwners;
  evaluatedValues = 0;
  overtakenSamples = 0;
  /** Of devices that the inventory lacks. */
  unexpectedBreaches = 0;

  constructor(
    runtimes: readonly RuleRuntime<RowEvaluator>[],
    alerts: ActiveAlerts,
    devices: () => ReadonlyMap<string, WatchedDevice>,
    nowMs: number,
    { isHistory = false, keyNotes = new Map() }: BatchEvaluatorOptions = {},
  ) {
    this.#isHistory = isHistory;
    this.#keyNotes = keyNotes;
    this.#alerts = alerts;
    this.#devices = devices;
    this.#owners = new DeviceOwners(devices, nowMs);
    this.use(runtimes);
  }

  /** From the next batch on; what is known of agents and their batches stays. */
  use(runtimes: readonly RuleRuntime<RowEvaluator>[]): void {
    this.#shapes = new WeakMap();
    this.#byMeasurement = new Map();
    for (const runtime of runtimes) {
      const { measurement } = runtime.evaluator;
      this.#byMeasurement.set(measurement, [...(this.#byMeasurement.get(measurement) ?? []), runtime]);
    }
  }

  evaluate(batch: SampleBatch, time: AgentTime, nowMs: number): void {
    const overtakenUpTo = this.#isHistory ? NOTHING_OVERTAKEN : this.#order.record(batch, time);
    if (!this.#isHistory) this.#owners.observe(batch, time.receivedAtMs);
    const share = this.#alerts.shareOf(batch.agent);
    const arrival = { ...time, agent: batch.agent, share, nowMs, overtakenUpTo };
    for (const table of batch.tables) {
      const plans = this.#plansFor(table);
      for (const plan of plans) this.#evaluateTable(plan, table, arrival);
      this.evaluatedValues += plans.length * table.rows.length;
    }
  }

  #evaluateTable(tablePlan: TablePlan, table: SampleTable, arrival: Arrival): void {
    const { plan, where, runtime } = tablePlan;
    const { entities } = runtime;
    for (const row of table.rows) {
      if (!passes(where, row)) continue;
      const value = plan.readValue(row, arrival.receivedAtMs);
      if (value === undefined) continue;
      const isBreach = plan.isBreach(value, row);
      if (entities.size === 0 && !isBreach) continue;
      const key = keyOf(tablePlan, row, arrival.agent);
      if (!isBreach && entities.get(key)?.state === undefined) continue;
      this.#evaluateRow(tablePlan, key, table, row, value, arrival);
    }
  }

  #evaluateRow(
    { plan, columns, runtime }: TablePlan,
    key: string,
    table: SampleTable,
    row: SampleRow,
    value: FieldValue,
    arrival: Arrival,
  ): void {
    const known = runtime.entities.get(key);
    const timeOf = arrival.overtakenUpTo === undefined ? judgedTimeMs : measuredTimeMs;
    const timeMs = timeOf(row.timeMs, arrival);
    if (known?.state === undefined && timeMs <= (arrival.overtakenUpTo?.(table) ?? -Infinity)) {
      this.overtakenSamples++;
      return;
    }
    if (known?.state === undefined && !row.series.isExpected) {
      this.unexpectedBreaches++;
      return;
    }
    const device = row.series.tags[columns.deviceAt];
    if (device !== undefined && this.#isOverruled(arrival, device, table.measurement)) return;
    // Before anything else is done for it: rows that are refused come again with each batch.
    if (known === undefined && !this.#alerts.admits(arrival.share)) return;
    const evaluations = plan.evaluate(value, row);
    if (evaluations === undefined) return;
    const evidence = {
      key,
      agent: arrival.agent,
      part: runtime.evaluator.across === 'any' ? partOf(row, arrival.agent) : arrival.agent,
      entity: known?.entity ?? entityOf(columns, row, arrival.agent),
      location: this.#locate(row, columns, known?.location),
      tags: known?.tags ?? namedTags(table.tags, row.series),
      sample: { timeMs, evaluations },
      sentTimeMs: row.timeMs,
      value: typeof value === 'bigint' ? Number(value) : value,
      arrivedAtMs: arrival.receivedAtMs,
    };
    this.#alerts.applyEvidence(runtime, evidence, arrival.nowMs);
  }

  #isOverruled({ agent, receivedAtMs }: Arrival, device: string, measurement: string): boolean {
    if (!this.#isHistory) return this.#owners.isOverruled(agent, device, measurement, receivedAtMs);
    const listed = this.#devices().get(device);
    return listed?.otherAgents !== undefined && listed.agent !== undefined && listed.agent !== agent;
  }

  /** What the inventory says of the device, whatever its agent says; `known`, if it is there still. */
  #locate({ series }: SampleRow, { deviceAt, unitAt, siteAt }: EntityColumns, known?: Location): Location {
    const device = series.tags[deviceAt];
    const listed = device === undefined ? undefined : this.#devices().get(device);
    const unit = listed === undefined ? series.tags[unitAt] : listed.unit;
    const site = listed === undefined ? series.tags[siteAt] : listed.site;
    return known !== undefined && known.unit === unit && known.site === site
      ? known
      : locationFrom(unit, site);
  }

  /** Rules with the same entity tags share it. */
  #keyNote({ evaluator }: RuleRuntime<RowEvaluator>): SeriesNote<string> {
    const tags = evaluator.entityTags.join();
    let note = this.#keyNotes.get(tags);
    if (note === undefined) {
      note = seriesNote(`entity key ${tags}`);
      this.#keyNotes.set(tags, note);
    }
    return note;
  }

  #plansFor(table: SampleTable): readonly TablePlan[] {
    const runtimes = this.#byMeasurement.get(table.measurement);
    if (runtimes === undefined) return [];
    let shape = this.#shapes.get(table.fields);
    if (shape?.measurement !== table.measurement) {
      const plans = runtimes.flatMap((runtime) => planTable(runtime, table, this.#keyNote(runtime)));
      shape = { measurement: table.measurement, plans };
      this.#shapes.set(table.fields, shape);
    }
    return shape.plans;
  }
}

/** The key of the row's entity, made once a series. */
function keyOf({ columns, keyNote }: TablePlan, row: SampleRow, agent: string): string {
  let key = keyNote.of(row.series);
  if (key === undefined) {
    key = entityKey(columns, row, agent);
    keyNote.set(row.series, key);
  }
  return key;
}

const PART = seriesNote<string>('part of an alert');

/** A series of an agent. Made once a series. */
function partOf({ series }: SampleRow, agent: string): string {
  const known = PART.of(series);
  if (known !== undefined) return known;
  const part = [agent, ...series.tags].join(KEY_SEPARATOR);
  PART.set(series, part);
  return part;
}

/** Empty: tables of this shape have no such field or tag. */
function planTable(
  runtime: RuleRuntime<RowEvaluator>,
  table: SampleTable,
  keyNote: SeriesNote<string>,
): TablePlan[] {
  const { evaluator } = runtime;
  const where = Object.entries(evaluator.where).map(([tag, values]) => ({
    at: table.tags.indexOf(tag),
    values: new Set(values),
  }));
  const plan = evaluator.planColumns(table);
  if (plan === undefined || where.some(({ at }) => at < 0)) return [];
  return [{ plan, where, columns: findEntityColumns(evaluator.entityTags, table), keyNote, runtime }];
}

function passes(where: readonly TagFilter[], row: SampleRow): boolean {
  for (const { at, values } of where) {
    const tag = row.series.tags[at];
    if (tag === undefined || !values.has(tag)) return false;
  }
  return true;
}
