import type { FieldDefinition, FieldType } from '../../contract/catalogue.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { FieldValue, Sample } from '../../contract/sample.ts';

const fits: Record<FieldType, (value: FieldValue) => boolean> = {
  float: (value) => typeof value === 'number' && Number.isFinite(value),
  int: (value) => typeof value === 'bigint' || Number.isSafeInteger(value),
  bool: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
};

/** What central would refuse of a sample, one text each: measurement, tags, fields, their types and ranges. */
export function catalogueRefusals(sample: Sample): string[] {
  const definition = CATALOGUE.get(sample.measurement);
  if (definition?.origin !== 'agent') return [`measurement ${sample.measurement}`];
  const tags = Object.keys(sample.tags).filter((tag) => definition.tags[tag] === undefined);
  const missing = definition.requiredTags.filter((tag) => sample.tags[tag] === undefined);
  const fields = Object.entries(sample.fields).filter(
    ([name, value]) => !isAllowed(definition.fields[name], value, sample.tags),
  );
  return [
    ...tags.map((tag) => `${sample.measurement} tag ${tag}`),
    ...missing.map((tag) => `${sample.measurement} without tag ${tag}`),
    ...fields.map(([name, value]) => `${sample.measurement} field ${name}=${value}`),
    ...(Object.keys(sample.fields).length === 0 ? [`${sample.measurement} without fields`] : []),
  ];
}

function isAllowed(field: FieldDefinition | undefined, value: FieldValue, tags: Sample['tags']): boolean {
  if (field === undefined || !fits[field.type](value)) return false;
  if (typeof value !== 'number' && typeof value !== 'bigint') return true;
  const { min = -Infinity, max = Infinity } =
    field.rangeByTag?.ranges[tags[field.rangeByTag.tag] ?? ''] ?? field;
  return value >= min && value <= max;
}
