import type { FieldValue } from '../../../contract/sample.ts';
import type { LevelName, Segment } from '../history/levels.ts';
import type { PlannedQuery } from '../series-query.ts';
import { MAX_STATE_COUNTS, MAX_STATES, tooManyStates, type StateCount } from '../state-shares.ts';
import type { AnswerSeries } from './answer.ts';
import { fieldKeysStatement } from './history-statements.ts';
import { identifier, isState, manyField, sourceName, stateField, stateOf } from './names.ts';
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
  const { resolution } = segment;
  const states =
    resolution === 'raw'
      ? await statesOfSamples(plan, segment, ask)
      : await statesOfLevel(plan, { ...segment, resolution }, ask);
  for (const state of states) {
    for (const { values } of await ask(countStatement(plan, segment, state))) {
      for (const [time, count, ...tags] of values)
        counts.push([Number(time), state, Number(count), ...tags.map((tag) => String(tag ?? ''))]);
    }
  }
  return counts.sort(([left], [right]) => right - left);
}

async function statesOfSamples(
  plan: PlannedQuery,
  segment: Segment,
  ask: Ask,
): Promise<readonly FieldValue[]> {
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

async function statesOfLevel(
  { query, fieldType }: PlannedQuery,
  { resolution, fromMs, toMs }: Segment & { readonly resolution: LevelName },
  ask: Ask,
): Promise<readonly FieldValue[]> {
  const { measurement, field } = query;
  const stored = await ask(fieldKeysStatement(measurement, resolution));
  const names = stored.flatMap(({ values }) => values.map(([name]) => String(name)));
  const many = manyField(field);
  if (names.includes(many)) {
    const where = conditions(query.tags, fromMs, toMs);
    const marks = await ask(
      `SELECT count(${identifier(many)}) FROM ${sourceName(measurement, resolution)} WHERE ${where}`,
    );
    if (marks.length > 0) throw tooManyStates(field);
  }
  return names.flatMap((name): FieldValue[] => {
    const state = stateOf(field, name);
    if (state === undefined) return [];
    return [fieldType === 'bool' ? state === 'true' : state];
  });
}

function countStatement(plan: PlannedQuery, segment: Segment, state: FieldValue): string {
  const { across: _all, ...query } = plan.query;
  const counting = {
    ...plan,
    query: { ...query, aggregate: 'count' as const, maxPoints: MAX_STATE_COUNTS },
    groupBy: plan.allTags,
  };
  if (segment.resolution === 'raw')
    return seriesStatement(counting, segment, { only: isState(query.field, state) });
  return seriesStatement(counting, segment, { value: `sum(${identifier(stateField(query.field, state))})` });
}
