import type { MeasurementDefinition } from '../../contract/catalogue.ts';
import { suggestionFor } from './suggestion.ts';
import { tagNames } from '../samples/tag-names.ts';
import { ApiError } from './problem.ts';

/** `tag.NAME=VALUE` in a query, several times for several values. */
export const TAG_PREFIX = 'tag.';

/** `tag.unit=26734&tag.unit=26737` → `{ unit: ['26734', '26737'] }`. */
export function tagFilterOf(
  query: Readonly<Record<string, unknown>>,
  definition: MeasurementDefinition,
): Record<string, string[]> {
  const filter: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(query)) {
    if (!name.startsWith(TAG_PREFIX)) continue;
    const tag = name.slice(TAG_PREFIX.length);
    if (!/^[a-z][a-z0-9_]{0,63}$/.test(tag)) throw new ApiError('BAD_TAG', `"${tag}" is not a tag name`);
    assertTag(definition, tag);
    filter[tag] = (Array.isArray(value) ? value : [value]).map(String);
  }
  return filter;
}

export function assertTag(definition: MeasurementDefinition, tag: string): void {
  const known = tagNames(definition);
  if (known.includes(tag)) return;
  throw new ApiError('UNKNOWN_TAG', `"${definition.name}" has no tag "${tag}"${suggestionFor(tag, known)}`);
}
