import type { Catalogue, FieldDefinition, MeasurementDefinition } from '../../../contract/catalogue.ts';
import type { ThresholdFile } from './rule-settings.ts';

/** What the schema cannot know: that measurement, fields and tags exist and the limits can be reached. One line a problem. */
export function checkAgainstCatalogue(rule: ThresholdFile, catalogue: Catalogue): string[] {
  const measurement = catalogue.get(rule.measurement);
  if (measurement === undefined) return [`measurement: not in the catalogue, got "${rule.measurement}"`];
  return [
    ...checkTags(rule, measurement),
    ...checkField(rule, measurement),
    ...Object.entries(rule.when).flatMap(([field, values]) =>
      checkValues(`when.${field}`, field, values, measurement),
    ),
  ];
}

function checkTags(rule: ThresholdFile, measurement: MeasurementDefinition): string[] {
  const named = [
    ...rule.entity.map((tag, at) => ({ path: `entity[${at}]`, tag })),
    ...Object.keys(rule.where).map((tag) => ({ path: `where.${tag}`, tag })),
  ];
  return named
    .filter(({ tag }) => measurement.tags[tag] === undefined)
    .map(({ path, tag }) => `${path}: not a tag of ${measurement.name}, got "${tag}"`);
}

function checkField(rule: ThresholdFile, measurement: MeasurementDefinition): string[] {
  if (rule.op === 'equals') {
    if (measurement.fields[rule.field] === undefined) return [unknownField('field', rule.field, measurement)];
    return rule.levels.flatMap((level, at) =>
      checkValues(`levels[${at}].values`, rule.field, level.values, measurement),
    );
  }
  const problems = checkNumeric('field', rule.field, measurement);
  if (rule.divideBy !== undefined) {
    return [...problems, ...checkNumeric('divideBy', rule.divideBy, measurement)];
  }
  const field = measurement.fields[rule.field];
  if (field === undefined || problems.length > 0) return problems;
  return rule.levels.flatMap((level, at) => [
    ...checkRange(`levels[${at}].raise`, level.raise, rule.field, field),
    ...checkRange(`levels[${at}].clear`, level.clear, rule.field, field),
  ]);
}

function checkNumeric(path: string, name: string, measurement: MeasurementDefinition): string[] {
  const field = measurement.fields[name];
  if (field === undefined) return [unknownField(path, name, measurement)];
  if (field.type === 'float' || field.type === 'int') return [];
  return [`${path}: expected a number field, ${measurement.name}.${name} is ${field.type}, got "${name}"`];
}

/** A limit outside the field's range would make a rule that never fires or never clears. */
function checkRange(path: string, limit: number, name: string, field: FieldDefinition): string[] {
  const { min = -Infinity, max = Infinity } = field;
  if (limit >= min && limit <= max) return [];
  return [`${path}: outside the range of ${name} (${min} to ${max}), got ${limit}`];
}

function checkValues(
  path: string,
  name: string,
  values: readonly unknown[],
  measurement: MeasurementDefinition,
): string[] {
  const field = measurement.fields[name];
  if (field === undefined) return [unknownField(path, name, measurement)];
  const expected = field.type === 'bool' ? 'boolean' : field.type === 'string' ? 'string' : 'number';
  return values
    .filter((value) => typeof value !== expected)
    .map(
      (value) => `${path}: expected a ${expected}, ${name} is ${field.type}, got ${JSON.stringify(value)}`,
    );
}

function unknownField(path: string, name: string, measurement: MeasurementDefinition): string {
  return `${path}: not a field of ${measurement.name}, got "${name}"`;
}
