import type { MeasurementDefinition } from '../../../contract/catalogue.ts';
import { tagNames } from '../../samples/tag-names.ts';
import type { NotOverHistory, RuleEvaluator, StoredReads, TickEvaluator } from '../rules/kinds/rule-kind.ts';

/** The fields of its measurement without which the rule says nothing or something else: all that have to be read from a store. Pure. */
export function neededFields(
  evaluator: RuleEvaluator,
  measurement: MeasurementDefinition,
): readonly string[] {
  const tags = tagNames(measurement);
  const all = Object.keys(measurement.fields);
  if (evaluator.reads === 'evidence') {
    const reads = storedReads(evaluator);
    const read = reads.find((each) => each.measurement === measurement.name);
    return read?.fields ?? all;
  }
  return all.filter((name) => {
    if (evaluator.alsoReads?.includes(name) === true) return true;
    const fields = all.filter((other) => other !== name);
    return evaluator.planColumns({ measurement: measurement.name, tags, fields, rows: [] }) === undefined;
  });
}

/** None: stored samples do not say again what the rule judges. Pure. */
export function storedReads({ overHistory }: TickEvaluator): readonly StoredReads[] {
  return isList(overHistory) ? overHistory : [];
}

export function isList<T>(value: readonly T[] | NotOverHistory): value is readonly T[] {
  return Array.isArray(value);
}
