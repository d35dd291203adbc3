import { ApiError } from './problem.ts';

/** `tag.unit=26734&tag.unit=26737` → `{ unit: ['26734', '26737'] }`. */
export function tagFilterOf(query: Readonly<Record<string, unknown>>): Record<string, string[]> {
  const filter: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(query)) {
    if (!name.startsWith('tag.')) continue;
    const tag = name.slice('tag.'.length);
    if (!/^[a-z][a-z0-9_]{0,63}$/.test(tag)) throw new ApiError(400, 'BAD_TAG', `"${tag}" is not a tag name`);
    filter[tag] = (Array.isArray(value) ? value : [value]).map(String);
  }
  return filter;
}
