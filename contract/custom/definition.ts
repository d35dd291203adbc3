import type { FieldDefinition, MeasurementDefinition, Text } from '../catalogue.ts';
import { fromAgent } from '../measurements/define.ts';
import type { Declaration } from './declaration.ts';

/** As the catalogue would have it. Pure. */
export function definitionOf({ measurement, meaning, tags, fields }: Declaration): MeasurementDefinition {
  return fromAgent({
    name: measurement,
    ...textOf(meaning, measurement),
    tags: Object.fromEntries(
      Object.entries(tags).map(([name, tag]) => [name, textOf(tag.meaning, name)] as const),
    ),
    required: Object.entries(tags).flatMap(([name, { required }]) => (required ? [name] : [])),
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [name, fieldOf(name, field)] as const),
    ),
  });
}

/** By name; of two of one name the first. Pure. */
export function definitionsOf(
  declarations: readonly Declaration[],
): ReadonlyMap<string, MeasurementDefinition> {
  return new Map(
    declarations.toReversed().map((declaration) => [declaration.measurement, definitionOf(declaration)]),
  );
}

function fieldOf(name: string, field: Declaration['fields'][string]): FieldDefinition {
  const { type } = field;
  const meaning = textOf(field.meaning, name);
  if (!('unit' in field)) return { type, unit: '', meaning };
  const { unit, min, max } = field;
  return {
    type,
    unit,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    meaning,
  };
}

/** A meaning in one language stands for both; without any, the name tells it. */
function textOf(meaning: Declaration['meaning'], name: string): Text {
  if (typeof meaning === 'object') return meaning;
  const text = meaning ?? name.replace(/^custom_/, '').replaceAll('_', ' ');
  return { en: text, vi: text };
}
