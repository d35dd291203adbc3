import type { SumsResult } from '../sample-store.ts';
import { presentTags, type PlannedSums } from '../series-query.ts';
import { heldOf } from './held.ts';
import type { Segment } from './levels.ts';
import { planSegments, type HistoryView } from './segments.ts';

/** The sums of one group in one segment. */
export interface SumsPart {
  /** Of `groupBy`; an absent one is empty. */
  readonly tagValues: readonly string[];
  /** In the order of the fields. */
  readonly sums: readonly number[];
}

/** One bucket for any time that is asked for, and a whole number of hours: every level can answer. */
const ONE_BUCKET_MS = 876_000 * 3_600_000;

/** `read`: the groups of one segment, at most `maxGroups + 1`. */
export async function readSums(
  { query }: PlannedSums,
  view: HistoryView,
  read: (segment: Segment) => Promise<readonly SumsPart[]>,
): Promise<SumsResult> {
  const { fields, groupBy, maxGroups } = query;
  const segments = planSegments({ ...query, everyMs: ONE_BUCKET_MS, aggregate: 'sum' }, 'number', view);
  const groups = new Map<string, { readonly tagValues: readonly string[]; readonly sums: number[] }>();
  for (const segment of segments)
    for (const { tagValues, sums } of await read(segment)) {
      const key = tagValues.join('\0');
      const group = groups.get(key) ?? { tagValues, sums: fields.map(() => 0) };
      for (const [at, sum] of sums.entries()) group.sums[at] = (group.sums[at] ?? 0) + sum;
      groups.set(key, group);
    }
  const sorted = [...groups].sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    groups: sorted
      .slice(0, maxGroups)
      .map(([, { tagValues, sums }]) => ({ tags: presentTags(groupBy, tagValues), sums })),
    truncated: sorted.length > maxGroups,
    ...heldOf(query, segments, view),
  };
}
