import type { FieldValue } from '../../../contract/sample.ts';
import type { SampleRow } from '../../samples/sample-table.ts';
import type { Series } from '../../samples/series.ts';
import type { KnownSeries } from '../../samples/known-series.ts';
import { MAX_NEW_POOLS_A_DAY, type AgentSeries } from '../../samples/series-registry.ts';
import type { TablePlan } from './plan.ts';
import { show, type Problem } from './refusal.ts';
import type { FindOwners, IsListed } from './owners.ts';
import { checkValue, describeRange } from './value.ts';

export interface RowContext {
  readonly agent: string;
  readonly baseMs: number;
  readonly receivedAtMs: number;
  readonly latestMs: number;
  readonly earliestMs: number;
  readonly series: AgentSeries;
  readonly findOwners: FindOwners;
  readonly isListed: IsListed;
}

const MAX_TAG_CHARS = 128;
/** Values of 1 to 128 characters without control characters (Unicode category Cc). */
const GOOD_TAG = new RegExp(String.raw`^\P{Cc}{1,${MAX_TAG_CHARS}}$`, 'u');

/** Hot path: a valid row costs one check per tag and value. */
export function checkRow(plan: TablePlan, sent: unknown, context: RowContext): SampleRow | Problem {
  if (!Array.isArray(sent) || sent.length !== 3) {
    return malformed(`row is ${show(sent)}, expected [tags, time, values]`);
  }
  const [tags, offset, values] = sent as unknown[];
  if (!Array.isArray(tags) || tags.length !== plan.sentTags) {
    return malformed(`row has ${count(tags)} tags, expected ${plan.sentTags}`);
  }
  if (!Array.isArray(values) || values.length > plan.sentFields) {
    return malformed(`row has ${count(values)} values, expected at most ${plan.sentFields}`);
  }
  const timeMs = context.baseMs + (typeof offset === 'number' ? offset : Number.NaN);
  if (!(timeMs <= context.latestMs && timeMs >= context.earliestMs && Number.isSafeInteger(timeMs))) {
    return timeProblem(timeMs, offset, context);
  }
  const known = findSeries(plan, tags, context.series);
  if (known === undefined) {
    const problem = checkTags(plan, tags, context.agent) ?? checkOwner(plan, tags, context);
    if (problem !== undefined) return problem;
  }
  const checked = checkValues(plan, tags, values);
  if (!Array.isArray(checked)) return checked;
  const isNewPool = known === undefined && plan.namesPool;
  if (isNewPool && !context.series.hasRoomForPool()) {
    const reason = `more than ${MAX_NEW_POOLS_A_DAY} new resources of pools from one agent within a day`;
    return { code: 'too-many-series', reason };
  }
  const series = takeSeries(plan, tags, known, context);
  if (series === undefined) {
    const reason = `more than ${context.series.max} series from one agent within an hour`;
    return { code: 'too-many-series', reason };
  }
  if (isNewPool) context.series.countPool();
  return { series, timeMs, values: checked };
}

/** Undefined: it is one too many. */
function takeSeries(
  plan: TablePlan,
  tags: readonly unknown[],
  known: KnownSeries | undefined,
  context: RowContext,
): Series | undefined {
  if (known !== undefined) return context.series.take(known) ? known : undefined;
  return addSeries(plan, tags, context);
}

/** Apart from the function before, which is called for each row. */
function addSeries(
  plan: TablePlan,
  tags: readonly unknown[],
  { agent, series, isListed }: RowContext,
): Series | undefined {
  const stored = storedTags(plan, tags, agent);
  const device = tags[plan.sentDeviceAt];
  const isExpected = typeof device !== 'string' || isListed(device);
  return series.add(plan.measurement, stored, isExpected);
}

/** Of the agent; undefined: it is new, or a tag is not a text. */
function findSeries(plan: TablePlan, tags: readonly unknown[], series: AgentSeries): KnownSeries | undefined {
  const { expected } = series;
  if (expected !== undefined && hasTags(plan, tags, expected)) return expected;
  const stored = storedTags(plan, tags, series.agent);
  const found = series.find(plan.measurement, stored);
  return found !== undefined && hasTags(plan, tags, found) ? found : undefined;
}

/** Whether a row with these tags is one of that series. */
function hasTags(plan: TablePlan, sent: readonly unknown[], { measurement, tags }: Series): boolean {
  if (measurement !== plan.measurement) return false;
  for (let at = 0; at < tags.length; at++) {
    const sentAt = plan.sentAt[at] ?? -1;
    const value = sentAt < 0 ? undefined : (sent[sentAt] ?? undefined);
    // The series is one of this agent, whether or not its rows say so.
    if (value !== tags[at] && !(value === undefined && at === plan.agentAt)) return false;
  }
  return true;
}

/** Skipped for a known series: its tags have been checked before. */
function checkTags(plan: TablePlan, tags: readonly unknown[], agent: string): Problem | undefined {
  for (const [at, value] of tags.entries()) {
    if (value === null || (typeof value === 'string' && GOOD_TAG.test(value))) continue;
    const expected = `a text of 1 to ${MAX_TAG_CHARS} characters without control characters`;
    return {
      code: 'bad-tag',
      reason: `tag ${plan.sentTagNames[at] ?? ''} is ${show(value)}, expected ${expected}`,
    };
  }
  const missing = plan.requiredTags.find((at) => tags[at] === null);
  if (missing !== undefined) {
    return {
      code: 'missing-tag',
      reason: `${plan.measurement} needs the tag ${plan.sentTagNames[missing] ?? ''}`,
    };
  }
  const sentAgent = tags[plan.sentAgentAt] ?? agent;
  if (sentAgent === agent) return undefined;
  return { code: 'bad-tag', reason: `tag agent is ${show(sentAgent)}, expected the sender "${agent}"` };
}

/** Once a series, as the tags. */
function checkOwner(
  { measurement, owned }: TablePlan,
  tags: readonly unknown[],
  { agent, findOwners }: RowContext,
): Problem | undefined {
  for (const { name, at, kind } of owned) {
    const id = tags[at];
    if (typeof id !== 'string') continue;
    const owners = findOwners(id, kind);
    if (owners === undefined || owners.includes(agent)) continue;
    const expected = `the inventory has ${owners.join(', ')} as its agent`;
    return { code: `foreign-${kind}`, reason: `${measurement}: ${name} ${show(id)}: ${expected}` };
  }
  return undefined;
}

function storedTags(plan: TablePlan, sent: readonly unknown[], agent: string): (string | undefined)[] {
  return plan.sentAt.map((sentAt, at) => {
    if (at === plan.agentAt) return agent;
    const value = sent[sentAt];
    return typeof value === 'string' ? value : undefined;
  });
}

function checkValues(
  plan: TablePlan,
  tags: readonly unknown[],
  sent: readonly unknown[],
): (FieldValue | undefined)[] | Problem {
  const { columns } = plan;
  const values = new Array<FieldValue | undefined>(columns.length);
  let isEmpty = true;
  let at = 0;
  for (const column of columns) {
    const value = sent[column.at];
    if (value === null || value === undefined) {
      values[at++] = undefined;
      continue;
    }
    const checked = checkValue(column, value);
    if (typeof checked === 'object') return checked;
    values[at++] = checked;
    isEmpty = false;
  }
  if (isEmpty) return { code: 'no-fields', reason: `${plan.measurement}: no field has a value` };
  return checkNarrowed(plan, tags, values) ?? values;
}

function checkNarrowed(
  plan: TablePlan,
  tags: readonly unknown[],
  values: readonly (FieldValue | undefined)[],
): Problem | undefined {
  for (const { column, valueAt, tagAt, tag, bounds } of plan.narrowed) {
    const value = values[valueAt];
    const tagValue = tags[tagAt];
    if (typeof value !== 'number' || typeof tagValue !== 'string') continue;
    const range = bounds.get(tagValue);
    if (range === undefined || (value >= range.min && value <= range.max)) continue;
    const { unit, rangeByTag } = column.field;
    const expected = `${describeRange(unit, rangeByTag?.ranges[tagValue] ?? {})} for ${tag} ${tagValue}`;
    return { code: 'out-of-range', reason: `${column.name} is ${value}, expected ${expected}` };
  }
  return undefined;
}

function timeProblem(timeMs: number, offset: unknown, context: RowContext): Problem {
  if (!Number.isSafeInteger(timeMs)) {
    return malformed(`time is ${show(offset)}, expected whole ms after the batch's baseMs`);
  }
  const { receivedAtMs, latestMs, earliestMs } = context;
  if (timeMs > latestMs) {
    const ahead = `${seconds(timeMs - receivedAtMs)} ahead of central`;
    return {
      code: 'future',
      reason: `time is ${ahead}, at most ${seconds(latestMs - receivedAtMs)} are allowed`,
    };
  }
  const age = `${seconds(receivedAtMs - timeMs)} old`;
  return {
    code: 'too-old',
    reason: `sample is ${age}, at most ${seconds(receivedAtMs - earliestMs)} are kept`,
  };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}

function count(value: unknown): string {
  return Array.isArray(value) ? String(value.length) : show(value);
}

function malformed(reason: string): Problem {
  return { code: 'malformed', reason };
}
