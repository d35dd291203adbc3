import {
  IntervalVariableBuilder,
  QueryVariableBuilder,
  VariableHide,
  VariableRefresh,
  VariableSort,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Variable } from '../panel/variable.ts';
import { HOUR_STEP, LEVEL } from '../query/older.ts';
import { say, type Context } from './context.ts';
import { DATASOURCE } from './datasource.ts';

/** Read anew with the time: what is offered is what has data. */
export function variableModel(variable: Variable, context: Context): VariableModel {
  const builder = new QueryVariableBuilder(variable.name)
    .label(say(context, variable.label))
    .datasource(DATASOURCE)
    .query(variable.query)
    .definition(variable.query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc)
    .multi(variable.several)
    .includeAll(variable.several)
    .allowCustomValue(true);
  return (
    variable.several ? builder.allValue('.*').current({ text: ['All'], value: ['$__all'] }) : builder
  ).build();
}

/** What queries choose samples, minutes or hours by; nobody chooses them at the top. */
export function hiddenVariables(): readonly VariableModel[] {
  const level = new QueryVariableBuilder(LEVEL.name)
    .datasource(DATASOURCE)
    .query(LEVEL.query)
    .definition(LEVEL.query)
    .sort(VariableSort.AlphabeticalAsc)
    .build();
  const { name, leastStep, steps } = HOUR_STEP;
  const step = new IntervalVariableBuilder(name)
    .values(leastStep)
    .auto(true)
    .minInterval(leastStep)
    .stepCount(steps)
    .current({ text: 'auto', value: `$__auto_interval_${name}` })
    .build();
  return [level, step].map((each) => ({
    ...each,
    refresh: VariableRefresh.OnTimeRangeChanged,
    hide: VariableHide.HideVariable,
    skipUrlSync: true,
  }));
}
