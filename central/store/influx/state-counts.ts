import type { FieldValue } from '../../../contract/sample.ts';
import type { Segment } from '../history/levels.ts';
import type { PlannedQuery } from '../series-query.ts';
import { MAX_STATE_COUNTS, MAX_STATES, tooManyStates, type StateCount } from '../state-shares.ts';
import type { AnswerSeries } from './answer.ts';
import { identifier, literal } from './names.ts';
import { conditions, fieldValue, seriesStatement } from './queries.ts';

/** Sends one statement. */
export type Ask = (statement: string) => Promise<readonly AnswerSeries[]>;

/**
 * How often each series has each value in a part of a planned query for states, the newest first: InfluxQL cannot group by the value of a
 * field, so each state is counted by itself.
 */
export async function readCounts(
  plan: PlannedQuery,
  segment: Segment,
  ask: Ask,
): Promise<readonly StateCount[]> {
  const counts: StateCount[] = [];
  for (const state of await statesOf(plan, segment, ask)) {
    for (const { values } of await ask(countStatement(plan, segment, state))) {
      for (const [time, count, ...tags] of values)
        counts.push([Number(time), state, Number(count), ...tags.map((tag) => String(tag ?? ''))]);
    }
  }
  return counts.sort(([left], [right]) => right - left);
}

async function statesOf(plan: PlannedQuery, segment: Segment, ask: Ask): Promise<readonly FieldValue[]> {
  const { query, fieldType } = plan;
  if (fieldType === 'bool') return [true, false];
  const found = await ask(
    `SELECT distinct(${identifier(query.field)}) AS "value" FROM ${identifier(query.measurement)} ` +
      `WHERE ${conditions(query.tags, segment.fromMs, segment.toMs)} LIMIT ${MAX_STATES + 1}`,
  );
  const states = found.flatMap(({ values }) =>
    values.flatMap(([, value]) =>
      value === null || value === undefined ? [] : [fieldValue(fieldType, value)],
    ),
  );
  if (states.length > MAX_STATES) throw tooManyStates(query.field);
  return states;
}

function countStatement(plan: PlannedQuery, segment: Segment, state: FieldValue): string {
  const { across: _all, ...query } = plan.query;
  const counting = { ...query, aggregate: 'count' as const, maxPoints: MAX_STATE_COUNTS };
  const only = `${identifier(query.field)} = ${typeof state === 'string' ? literal(state) : String(state)}`;
  return seriesStatement({ ...plan, query: counting, groupBy: plan.allTags }, segment, only);
}
