import type { Catalogue, FieldDefinition, MeasurementDefinition } from '../../contract/catalogue.ts';
import { ApiError } from './problem.ts';
import { suggestionFor } from './suggestion.ts';

const IN_CATALOGUE = '; /api/v1/catalogue lists them';

/** Throws an ApiError that names the nearest measurement. */
export function definitionOf(catalogue: Catalogue, name: string): MeasurementDefinition {
  const definition = catalogue.get(name);
  if (definition !== undefined) return definition;
  const hint = suggestionFor(name, [...catalogue.keys()]) || IN_CATALOGUE;
  throw new ApiError(
    'UNKNOWN_MEASUREMENT',
    `querystring.measurement: expected a measurement of the catalogue, got "${name}"${hint}`,
  );
}

/** Throws an ApiError that names the nearest field. */
export function fieldOf(definition: MeasurementDefinition, name: string): FieldDefinition {
  const field = Object.hasOwn(definition.fields, name) ? definition.fields[name] : undefined;
  if (field !== undefined) return field;
  const hint = suggestionFor(name, Object.keys(definition.fields)) || IN_CATALOGUE;
  const expected = `querystring.field: expected a field of ${definition.name}`;
  throw new ApiError('UNKNOWN_FIELD', `${expected}, got "${name}"${hint}`);
}
