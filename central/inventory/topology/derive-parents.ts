import { ABOVE_ROOTS, dominatorsOf } from './dominators.ts';
import { rankNetwork } from './ranked-network.ts';

/** As many as the inventory takes. */
const MAX_PARENTS = 8;

/**
 * The parents of each node of a network that is reached through `roots`, those on the shortest ways first. Pure. A
 * neighbour is a parent unless it is itself reached through the node only; in a ring neighbours are parents of each
 * other. So whatever is down, a node is cut off exactly when no way over parents leads to a root. Of a node with more
 * than eight such neighbours the parent is the nearest node that all its ways lead through, or it has none: nothing is
 * called cut off that is not. Nodes without a way to a root have no parents.
 */
export function deriveParents(
  nodes: readonly string[],
  links: Iterable<readonly [string, string]>,
  roots: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const network = rankNetwork(nodes, links, roots);
  const dominators = dominatorsOf(network);
  const parents = new Map<string, readonly string[]>();
  network.nodes.forEach((name, node) => {
    if (network.distances[node] === 0) return;
    const ways = (network.neighbours[node] ?? []).filter((next) => !leadsThrough(next, node, dominators));
    const dominator = dominators[node] ?? ABOVE_ROOTS;
    const found = ways.length <= MAX_PARENTS ? ways : [dominator].filter((other) => other !== ABOVE_ROOTS);
    if (found.length === 0) return;
    parents.set(
      name,
      found.map((parent) => network.nodes[parent] ?? ''),
    );
  });
  return parents;
}

/** Whether every way to a node leads through another. */
function leadsThrough(node: number, other: number, dominators: readonly number[]): boolean {
  let above = node;
  while (above > other) above = dominators[above] ?? ABOVE_ROOTS;
  return above === other;
}
