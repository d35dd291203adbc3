import type { FieldValue } from '../../../contract/sample.ts';
import type { SampleRow } from '../../samples/sample-table.ts';
import type { TablePlan } from './plan.ts';
import { show, type Problem } from './refusal.ts';
import type { AgentSeries } from './series.ts';
import { checkValue, describeRange } from './value.ts';

export interface RowContext {
  readonly agent: string;
  readonly baseMs: number;
  readonly receivedAtMs: number;
  readonly latestMs: number;
  readonly earliestMs: number;
  readonly series: AgentSeries;
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
  const series = seriesKey(plan, tags);
  const isKnown = series !== undefined && context.series.has(series);
  if (!isKnown) {
    const problem = checkTags(plan, tags, context.agent);
    if (problem !== undefined) return problem;
  }
  const checked = checkValues(plan, tags, values);
  if (!Array.isArray(checked)) return checked;
  if (!isKnown && series !== undefined && !context.series.add(series)) {
    const reason = `more than ${context.series.max} series from one agent within an hour`;
    return { code: 'too-many-series', reason };
  }
  return { tags: storedTags(plan, tags, context.agent), timeMs, values: checked };
}

/** Unambiguous, because each value is prefixed with its length. undefined: a tag is not a string. */
function seriesKey(plan: TablePlan, tags: readonly unknown[]): string | undefined {
  let key = plan.seriesPrefix;
  for (const at of plan.seriesTags) {
    const value = tags[at];
    if (typeof value === 'string') key += `\n${value.length}:${value}`;
    else if (value === null) key += '\n';
    else return undefined;
  }
  return key;
}

/** Skipped for a known series: its tags have been checked before. */
function checkTags(plan: TablePlan, tags: readonly unknown[], agent: string): Problem | undefined {
  for (const [at, value] of tags.entries()) {
    if (value === null || (typeof value === 'string' && GOOD_TAG.test(value))) continue;
    const expected = `a text of 1 to ${MAX_TAG_CHARS} characters without control characters`;
    return { code: 'bad-tag', reason: `tag ${plan.tags[at] ?? ''} is ${show(value)}, expected ${expected}` };
  }
  const missing = plan.requiredTags.find((at) => tags[at] === null);
  if (missing !== undefined) {
    return { code: 'missing-tag', reason: `${plan.measurement} needs the tag ${plan.tags[missing] ?? ''}` };
  }
  const sentAgent = tags[plan.agentAt] ?? agent;
  if (sentAgent === agent) return undefined;
  return { code: 'bad-tag', reason: `tag agent is ${show(sentAgent)}, expected the sender "${agent}"` };
}

function storedTags(plan: TablePlan, tags: readonly unknown[], agent: string): (string | undefined)[] {
  const stored = new Array<string | undefined>(plan.tags.length);
  for (let at = 0; at < tags.length; at++) {
    const value = tags[at];
    stored[at] = typeof value === 'string' ? value : undefined;
  }
  stored[plan.agentAt] = agent;
  return stored;
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
