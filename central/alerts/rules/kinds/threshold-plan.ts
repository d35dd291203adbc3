import type { FieldValue } from '../../../../contract/sample.ts';
import type { SampleRow, SampleTable } from '../../../samples/sample-table.ts';
import type { ThresholdRule } from '../rule.ts';

/** Where one rule finds its columns in tables of one shape. */
export interface RulePlan {
  readonly rule: ThresholdRule;
  readonly fieldAt: number;
  /** -1: not divided. */
  readonly divideAt: number;
  readonly filters: readonly Filter<string>[];
  readonly guards: readonly Filter<FieldValue>[];
  /** Column of each entity tag, -1 where the table has none, FROM_BATCH for the agent. */
  readonly entityAt: readonly number[];
  readonly unitAt: number;
  readonly siteAt: number;
}

interface Filter<T> {
  readonly at: number;
  readonly values: ReadonlySet<T>;
}

/** The agent is who sent the batch, whatever the row says. */
const FROM_BATCH = -2;

/** Between the values of an entity key; does not occur in tag values. */
const KEY_SEPARATOR = '\u001f';

/** undefined: tables of this shape cannot be judged, a column is missing. */
export function planRule(rule: ThresholdRule, table: SampleTable): RulePlan | undefined {
  const columnOf = (name: string): number => table.tags.indexOf(name);
  const fieldAt = (name: string): number => table.fields.indexOf(name);
  const plan: RulePlan = {
    rule,
    fieldAt: fieldAt(rule.field),
    divideAt: rule.op !== 'equals' && rule.divideBy !== undefined ? fieldAt(rule.divideBy) : -1,
    filters: Object.entries(rule.where).map(([tag, values]) => ({
      at: columnOf(tag),
      values: new Set(values),
    })),
    guards: Object.entries(rule.when).map(([field, values]) => ({
      at: fieldAt(field),
      values: new Set<FieldValue>(values),
    })),
    entityAt: rule.entity.map((tag) => (tag === 'agent' ? FROM_BATCH : columnOf(tag))),
    unitAt: columnOf('unit'),
    siteAt: columnOf('site'),
  };
  const divides = rule.op !== 'equals' && rule.divideBy !== undefined;
  const missing =
    plan.fieldAt < 0 ||
    (divides && plan.divideAt < 0) ||
    plan.filters.some((filter) => filter.at < 0) ||
    plan.guards.some((guard) => guard.at < 0);
  return missing ? undefined : plan;
}

/** What the rule judges in this row; undefined where the row has nothing to say. */
export function valueIn(plan: RulePlan, row: SampleRow): FieldValue | undefined {
  for (const filter of plan.filters) {
    const tag = row.tags[filter.at];
    if (tag === undefined || !filter.values.has(tag)) return undefined;
  }
  const value = row.values[plan.fieldAt];
  if (value === undefined || plan.divideAt < 0) return value;
  const divisor = Number(row.values[plan.divideAt] ?? 0);
  return divisor === 0 ? undefined : Number(value) / divisor;
}

/** Whether the rule's `when` holds; undefined when the row does not tell. */
export function guardsHold(plan: RulePlan, row: SampleRow): boolean | undefined {
  for (const guard of plan.guards) {
    const value = row.values[guard.at];
    if (value === undefined) return undefined;
    if (!guard.values.has(typeof value === 'bigint' ? Number(value) : value)) return false;
  }
  return true;
}

/** Rows without any of the entity tags are told apart by who sent them, so that no two agents share an alert. */
export function entityKey(plan: RulePlan, row: SampleRow, agent: string): string {
  const { entityAt } = plan;
  let key = '';
  let named = false;
  for (let part = 0; part < entityAt.length; part++) {
    const value = tagAt(row, entityAt[part] ?? -1, agent);
    if (part > 0) key += KEY_SEPARATOR;
    if (value === undefined) continue;
    key += value;
    named = true;
  }
  return named ? key : key + KEY_SEPARATOR + agent;
}

export function entityOf(plan: RulePlan, row: SampleRow, agent: string): Record<string, string> {
  const entity: Record<string, string> = {};
  plan.rule.entity.forEach((tag, part) => {
    const value = tagAt(row, plan.entityAt[part] ?? -1, agent);
    if (value !== undefined) entity[tag] = value;
  });
  return Object.keys(entity).length > 0 ? entity : { agent };
}

function tagAt(row: SampleRow, at: number, agent: string): string | undefined {
  return at === FROM_BATCH ? agent : row.tags[at];
}

/** The same key from an entity as it was recorded. */
export function keyOfEntity(tags: readonly string[], entity: Readonly<Record<string, string>>): string {
  const key = tags.map((tag) => entity[tag] ?? '').join(KEY_SEPARATOR);
  return tags.some((tag) => entity[tag] !== undefined) ? key : key + KEY_SEPARATOR + (entity['agent'] ?? '');
}
