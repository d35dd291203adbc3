import type { MeasurementDefinition } from '../../../contract/catalogue.ts';
import { tagNames } from '../../samples/tag-names.ts';
import type { RowEvaluator } from '../rules/kinds/rule-kind.ts';

/** The fields of its measurement without which the rule says nothing or something else: all that have to be read from a store. Pure. */
export function neededFields(evaluator: RowEvaluator, measurement: MeasurementDefinition): readonly string[] {
  const tags = tagNames(measurement);
  const all = Object.keys(measurement.fields);
  return all.filter((name) => {
    if (evaluator.alsoReads?.includes(name) === true) return true;
    const fields = all.filter((other) => other !== name);
    return evaluator.planColumns({ measurement: measurement.name, tags, fields, rows: [] }) === undefined;
  });
}
