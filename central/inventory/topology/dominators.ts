import type { RankedNetwork } from './ranked-network.ts';

/** Stands above all roots. */
export const ABOVE_ROOTS = -1;

/**
 * For each node the nearest one that every way from a root to it leads through (immediate dominator, after Cooper, Harvey
 * and Kennedy); `ABOVE_ROOTS` for roots and where there is none. Pure.
 */
export function dominatorsOf({ neighbours, distances }: RankedNetwork): readonly number[] {
  const dominators = distances.map(() => undefined as number | undefined);
  distances.forEach((distance, node) => {
    if (distance === 0) dominators[node] = ABOVE_ROOTS;
  });
  const above = (node: number): number => dominators[node] ?? ABOVE_ROOTS;
  for (let hasChanged = true; hasChanged;) {
    hasChanged = false;
    for (const [node, nexts] of neighbours.entries()) {
      if (distances[node] === 0) continue;
      const found = nexts
        .filter((next) => dominators[next] !== undefined)
        .reduce((a, b) => common(a, b, above));
      if (dominators[node] === found) continue;
      dominators[node] = found;
      hasChanged = true;
    }
  }
  return distances.map((_, node) => above(node));
}

/** Where the ways up from both meet. */
function common(a: number, b: number, above: (node: number) => number): number {
  let [one, other] = [a, b];
  while (one !== other) {
    if (one > other) one = above(one);
    else other = above(other);
  }
  return one;
}
