import { ABOVE_ROOTS, dominatorsOf } from './dominators.ts';
import { rankNetwork, type RankedNetwork } from './ranked-network.ts';

/** As many as the inventory takes. */
const MAX_PARENTS = 8;
/** Some seconds of work; beyond it parents are found the simple way. */
const MAX_STEPS = 20_000_000;

/**
 * The parents of each node of a network that is reached through `roots`. Pure. They are the neighbours on the shortest
 * ways to a root and, where other ways lead around all of these, as in a ring, the nearest nodes of the other ways.
 * So, if all parents of a node are down or cut off, it is cut off; and the failure of a single node cuts off exactly
 * those whose every way leads through it. Of two failures at once some that are cut off may not be found: no node may be
 * among its own ancestors. Nodes without a way to a root have no parents.
 */
export function deriveParents(
  nodes: readonly string[],
  links: Iterable<readonly [string, string]>,
  roots: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const network = rankNetwork(nodes, links, roots);
  const fences = fencesOf(network);
  const dominators = dominatorsOf(network);
  const parents: (readonly number[])[] = [];
  for (const [node, distance] of network.distances.entries()) {
    if (distance === 0) parents.push([]);
    else {
      const fence = withoutImplied(fences[node], parents);
      parents.push(fence.length > 0 ? fence : simpleParents(node, network, dominators));
    }
  }
  return new Map(
    parents.flatMap((found, node) =>
      found.length === 0
        ? []
        : [[network.nodes[node] ?? '', found.map((parent) => network.nodes[parent] ?? '')] as const],
    ),
  );
}

/**
 * Of each node: all nodes before it in the order that can be reached from it through nodes after it. No way to a root
 * leads past them. Undefined where that became too much work. From the last node to the first, the fence of a node is
 * its neighbours before it and the fences of those that have it as the last of theirs.
 */
function fencesOf({ neighbours }: RankedNetwork): readonly (readonly number[] | undefined)[] {
  const fences: (readonly number[] | undefined)[] = neighbours.map(() => undefined);
  const inherited = neighbours.map(() => new Set<number>());
  let steps = 0;
  for (let node = neighbours.length - 1; node >= 0; node--) {
    const before = (neighbours[node] ?? []).filter((next) => next < node);
    const fence = new Set([...(inherited[node] ?? []), ...before]);
    inherited[node] = new Set();
    steps += fence.size;
    if (steps > MAX_STEPS) return fences;
    const last = Math.max(...fence);
    for (const other of fence) if (other !== last) inherited[last]?.add(other);
    fences[node] = [...fence];
  }
  return fences;
}

/** Without those that are cut off anyway when the others are down; none if the rest is too many. */
function withoutImplied(
  fence: readonly number[] | undefined,
  parents: readonly (readonly number[])[],
): readonly number[] {
  const kept = new Set(fence);
  for (const node of [...kept].sort((a, b) => b - a)) {
    const above = parents[node] ?? [];
    if (above.length > 0 && above.every((parent) => kept.has(parent))) kept.delete(node);
  }
  return kept.size > MAX_PARENTS ? [] : [...kept].sort((a, b) => a - b);
}

/** The neighbours on shortest ways, and what all ways lead through (a root at last). */
function simpleParents(
  node: number,
  { neighbours, distances }: RankedNetwork,
  dominators: readonly number[],
): readonly number[] {
  const distance = distances[node] ?? 0;
  const dominator = dominators[node] ?? ABOVE_ROOTS;
  const needed =
    dominator === ABOVE_ROOTS ? distances.flatMap((own, root) => (own === 0 ? [root] : [])) : [dominator];
  const near = (neighbours[node] ?? []).filter((next) => distances[next] === distance - 1);
  const found = [...new Set([...near, ...needed])];
  if (found.length <= MAX_PARENTS) return found;
  return needed.length <= MAX_PARENTS ? needed : [];
}
