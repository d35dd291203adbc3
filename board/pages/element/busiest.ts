import { summaryOf, type Points } from '../../chart/curves.ts';

/** More lines than these are a tangle. */
export const MOST_CURVES = 6;

/** By the mean of their values, the highest first; what has none comes last. Pure. */
export function busiestFirst<T extends { readonly points: Points }>(series: readonly T[]): readonly T[] {
  return series
    .map((each) => ({ each, mean: summaryOf(each.points)?.mean ?? -Infinity }))
    .sort((a, b) => (a.mean === b.mean ? 0 : b.mean - a.mean))
    .map(({ each }) => each);
}
