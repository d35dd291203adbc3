import type { StoredReads } from '../rule-kind.ts';
import type { Condition } from './condition.ts';

/** What conditions read of stored samples. One about a tag needs the rows alone, whatever they have. Pure. */
export function storedReadsOf(
  conditions: readonly (Condition & { readonly measurement: string })[],
): readonly StoredReads[] {
  return [...new Set(conditions.map(({ measurement }) => measurement))].map((measurement) => {
    const about = conditions.filter((condition) => condition.measurement === measurement);
    if (about.some(({ tag }) => tag !== undefined)) return { measurement };
    const names = about.flatMap(({ field, divideBy }) => [field, divideBy]);
    return { measurement, fields: [...new Set(names.filter((name) => name !== undefined))].sort() };
  });
}
