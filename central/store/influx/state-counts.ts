import type { FieldValue } from '../../../contract/sample.ts';
import type { SeriesResult } from '../sample-store.ts';
import type { PlannedQuery } from '../series-query.ts';
import {
  assembleShares,
  MAX_STATE_COUNTS,
  MAX_STATES,
  tooManyStates,
  type StateCount,
} from '../state-shares.ts';
import type { AnswerSeries } from './answer.ts';
import { conditions, fieldValue, identifier, literal, seriesStatement } from './queries.ts';

/** Sends one statement. */
export type Ask = (statement: string) => Promise<readonly AnswerSeries[]>;

/** Runs a planned query for states: InfluxQL cannot group by the value of a field, so each state is counted by itself. */
export async function readShares(plan: PlannedQuery, ask: Ask): Promise<SeriesResult> {
  const counts: StateCount[] = [];
  for (const state of await statesOf(plan, ask)) {
    for (const { values } of await ask(countStatement(plan, state))) {
      for (const [time, count, ...tags] of values)
        counts.push([Number(time), state, Number(count), ...tags.map((tag) => String(tag ?? ''))]);
    }
  }
  return assembleShares(
    counts.sort(([left], [right]) => right - left),
    plan,
  );
}

async function statesOf(plan: PlannedQuery, ask: Ask): Promise<readonly FieldValue[]> {
  const { query, fieldType } = plan;
  if (fieldType === 'bool') return [true, false];
  const found = await ask(
    `SELECT distinct(${identifier(query.field)}) AS "value" FROM ${identifier(query.measurement)} ` +
      `WHERE ${conditions(query.tags, query.fromMs, query.toMs)} LIMIT ${MAX_STATES + 1}`,
  );
  const states = found.flatMap(({ values }) =>
    values.flatMap(([, value]) =>
      value === null || value === undefined ? [] : [fieldValue(fieldType, value)],
    ),
  );
  if (states.length > MAX_STATES) throw tooManyStates(query.field);
  return states;
}

function countStatement(plan: PlannedQuery, state: FieldValue): string {
  const { across: _all, ...query } = plan.query;
  const counting = { ...query, aggregate: 'count' as const, maxPoints: MAX_STATE_COUNTS };
  const only = `${identifier(query.field)} = ${typeof state === 'string' ? literal(state) : String(state)}`;
  return seriesStatement({ ...plan, query: counting, groupBy: plan.allTags }, only);
}
