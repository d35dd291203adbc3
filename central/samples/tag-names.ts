import type { MeasurementDefinition } from '../../contract/catalogue.ts';

/** Allowed on every measurement besides the catalogue's own tags: which agent measured. */
export const COMMON_TAGS: readonly string[] = ['agent'];

/** All tags a stored row of the measurement may carry, in a fixed order. */
export function tagNames(definition: MeasurementDefinition): readonly string[] {
  return [...new Set([...COMMON_TAGS, ...Object.keys(definition.tags)])].sort();
}
