/**
 * A network in the order of distance from its roots. Nodes are numbers: 0 is the first; the neighbours that lead to a root
 * on a shortest way have smaller ones. What no way leads to is left out.
 */
export interface RankedNetwork {
  readonly nodes: readonly string[];
  readonly neighbours: readonly (readonly number[])[];
  /** Links to the nearest root. */
  readonly distances: readonly number[];
}

/** Orders a network by distance from `roots`. Links to unknown nodes do not count. Pure. */
export function rankNetwork(
  nodes: readonly string[],
  links: Iterable<readonly [string, string]>,
  roots: ReadonlySet<string>,
): RankedNetwork {
  const linked = new Map(nodes.map((node) => [node, new Set<string>()]));
  for (const [from, to] of links) {
    if (!linked.has(from) || !linked.has(to)) continue;
    linked.get(from)?.add(to);
    linked.get(to)?.add(from);
  }
  const ordered = nodes.filter((node) => roots.has(node));
  const ranks = new Map(ordered.map((node, rank) => [node, rank]));
  const distances = ordered.map(() => 0);
  for (const node of ordered) {
    const distance = (distances[ranks.get(node) ?? 0] ?? 0) + 1;
    for (const next of linked.get(node) ?? []) {
      if (ranks.has(next)) continue;
      ranks.set(next, ordered.length);
      ordered.push(next);
      distances.push(distance);
    }
  }
  const neighbours = ordered.map((node) =>
    Array.from(linked.get(node) ?? [], (next) => ranks.get(next) ?? 0).sort((a, b) => a - b),
  );
  return { nodes: ordered, neighbours, distances };
}
