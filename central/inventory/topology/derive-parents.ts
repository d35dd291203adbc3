/** As many as the inventory takes. */
const MAX_PARENTS = 8;

/**
 * The parents of each node of a network that is reached through `roots`. Pure. They are the neighbours on the shortest
 * ways to a root, and where other ways lead around all of these, as in a ring, the nearest node of each other way.
 * So, if all parents of a node are down or cut off, it is cut off; and the failure of a single node cuts off exactly
 * those whose every way leads through it. Of two failures in one ring some that are cut off are not found: no node may
 * be among its own ancestors. Nodes without a way to a root, and those with more ways than eight parents can name, have
 * none: nothing is called cut off that is not.
 */
export function deriveParents(
  nodes: readonly string[],
  links: Iterable<readonly [string, string]>,
  roots: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const neighbours = neighboursOf(nodes, links);
  const ranks = rankByDistance(nodes, neighbours, roots);
  const parents = new Map<string, readonly string[]>();
  for (const node of nodes) {
    const rank = ranks.get(node);
    if (rank === undefined || roots.has(node)) continue;
    const found = parentsOf(node, { neighbours, ranks, roots });
    if (found.length > 0 && found.length <= MAX_PARENTS) parents.set(node, found);
  }
  return parents;
}

interface Rank {
  /** Links to the nearest root. */
  readonly distance: number;
  /** Position in the order of distances: parents always come before. */
  readonly position: number;
}

interface Network {
  readonly neighbours: ReadonlyMap<string, ReadonlySet<string>>;
  readonly ranks: ReadonlyMap<string, Rank>;
  readonly roots: ReadonlySet<string>;
}

function neighboursOf(nodes: readonly string[], links: Iterable<readonly [string, string]>) {
  const neighbours = new Map(nodes.map((node) => [node, new Set<string>()]));
  for (const [from, to] of links) {
    neighbours.get(from)?.add(to);
    neighbours.get(to)?.add(from);
  }
  return neighbours;
}

function rankByDistance(
  nodes: readonly string[],
  neighbours: Network['neighbours'],
  roots: ReadonlySet<string>,
): ReadonlyMap<string, Rank> {
  const ranks = new Map<string, Rank>();
  const waiting = nodes.filter((node) => roots.has(node));
  waiting.forEach((root, position) => ranks.set(root, { distance: 0, position }));
  for (const node of waiting) {
    const distance = (ranks.get(node)?.distance ?? 0) + 1;
    for (const next of neighbours.get(node) ?? []) {
      if (ranks.has(next)) continue;
      ranks.set(next, { distance, position: waiting.length });
      waiting.push(next);
    }
  }
  return ranks;
}

/** A set of nodes that every way from the node to a root leads through; more than `MAX_PARENTS` if there is no small one. */
function parentsOf(node: string, network: Network): readonly string[] {
  const { neighbours, ranks } = network;
  const own = ranks.get(node) ?? { distance: 0, position: 0 };
  const parents = new Set(
    [...(neighbours.get(node) ?? [])].filter((next) => ranks.get(next)?.distance === own.distance - 1),
  );
  while (parents.size <= MAX_PARENTS) {
    const way = wayAround(node, parents, network);
    const nearest = way.find((next) => (ranks.get(next)?.position ?? Infinity) < own.position);
    if (nearest === undefined) break;
    parents.add(nearest);
  }
  return [...parents];
}

/** A shortest way from a node to a root that avoids others, without the node; empty if there is none. */
function wayAround(
  node: string,
  avoided: ReadonlySet<string>,
  { neighbours, roots }: Network,
): readonly string[] {
  const cameFrom = new Map<string, string>([[node, node]]);
  const waiting = [node];
  for (const at of waiting) {
    if (roots.has(at)) return backTo(node, at, cameFrom);
    for (const next of neighbours.get(at) ?? []) {
      if (cameFrom.has(next) || avoided.has(next)) continue;
      cameFrom.set(next, at);
      waiting.push(next);
    }
  }
  return [];
}

function backTo(node: string, end: string, cameFrom: ReadonlyMap<string, string>): readonly string[] {
  const way: string[] = [];
  for (let at = end; at !== node; at = cameFrom.get(at) ?? node) way.push(at);
  return way.reverse();
}
