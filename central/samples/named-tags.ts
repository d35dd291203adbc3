import type { Series } from './series.ts';

/** The tags that a series has, by name. `names`: those of its table. */
export function namedTags(names: readonly string[], { tags }: Series): Record<string, string> {
  const named: Record<string, string> = {};
  names.forEach((name, at) => {
    const value = tags[at];
    if (value !== undefined) named[name] = value;
  });
  return named;
}
