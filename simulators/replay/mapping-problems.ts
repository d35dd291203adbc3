import type { Catalogue, MeasurementDefinition } from '../../contract/catalogue.ts';
import { nearestName } from '../../runtime/nearest-name.ts';
import type { Mapping, SampleMapping } from './mapping.ts';

/** What a mapping asks of measurements that the catalogue does not have, and what it says twice or not at all. Pure. */
export function mappingProblems({ time, samples }: Mapping, catalogue: Catalogue): readonly string[] {
  const isRelative = time.format === 'minutes' || time.format === 'seconds';
  return [
    ...(isRelative && time.start === undefined
      ? [`time.start: expected the time from which ${time.format} are counted, got nothing`]
      : []),
    ...(!isRelative && time.start !== undefined ? ['time.start: expected only with minutes or seconds'] : []),
    ...samples.flatMap((sample, at) => {
      const definition = catalogue.get(sample.measurement);
      const where = `samples[${at}]`;
      if (definition === undefined)
        return [
          `${where}.measurement: ${unknown('a measurement', sample.measurement, [...catalogue.keys()])}`,
        ];
      return sampleProblems(sample, definition).map((problem) => `${where}.${problem}`);
    }),
  ];
}

function sampleProblems(
  { eachColumn, tags, fields, measurement }: SampleMapping,
  { tags: knownTags, fields: knownFields, requiredTags, origin }: MeasurementDefinition,
): readonly string[] {
  const usesEach = [...Object.values(tags), ...Object.values(fields)].some(
    (source) => typeof source === 'object' && 'each' in source,
  );
  return [
    ...(origin === 'agent'
      ? []
      : [`measurement: expected one that agents may send, got ${JSON.stringify(measurement)}`]),
    ...(usesEach && eachColumn === undefined
      ? ['eachColumn: expected the columns that `each` stands for']
      : []),
    ...(!usesEach && eachColumn !== undefined ? ['eachColumn: expected a tag or field with `each`'] : []),
    ...(Object.keys(fields).length === 0 ? ['fields: expected at least one'] : []),
    ...Object.keys(tags)
      .filter((tag) => !(tag in knownTags))
      .map((tag) => `tags.${tag}: ${unknown('a tag of the measurement', tag, Object.keys(knownTags))}`),
    ...requiredTags
      .filter((tag) => tag !== 'agent' && !(tag in tags))
      .map((tag) => `tags.${tag}: expected where its value comes from, got nothing`),
    ...Object.keys(fields)
      .filter((field) => !(field in knownFields))
      .map((field) => `fields.${field}: ${unknown('a field', field, Object.keys(knownFields))}`),
  ];
}

function unknown(expected: string, got: string, known: readonly string[]): string {
  const nearest = nearestName(got, known);
  return `expected ${expected}, got ${JSON.stringify(got)}${nearest === undefined ? '' : `, did you mean "${nearest}"?`}`;
}
