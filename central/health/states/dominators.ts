/** Stands above all tops. */
const NONE = -1;

/**
 * Pure. For each node the nearest one that all ways to it lead over; undefined: there is none, or no way leads to it. Ways may run in rings.
 * Immediate dominators (Cooper, Harvey, Kennedy 2001), of what is reached from several tops, which are those that nothing is above.
 */
export function dominatorsOf<Node>(
  nodes: readonly Node[],
  aboveOf: (node: Node) => readonly Node[],
): ReadonlyMap<Node, Node | undefined> {
  const ranked = fromTheTops(nodes, aboveOf);
  const rankOf = new Map(ranked.map((node, rank) => [node, rank]));
  const ways = ranked.map((node) => aboveOf(node).flatMap((each) => rankOf.get(each) ?? []));
  const dominators = ways.map(({ length }): number | undefined => (length === 0 ? NONE : undefined));

  // What is above a node in all ways is nearer to a top, and so has a lower rank.
  const common = (a: number, b: number): number => {
    let [left, right] = [a, b];
    while (left !== right) {
      if (left > right) left = dominators[left] ?? NONE;
      else right = dominators[right] ?? NONE;
    }
    return left;
  };

  for (let hasChanged = true; hasChanged;) {
    hasChanged = false;
    for (const [node, above] of ways.entries()) {
      if (above.length === 0) continue;
      const found = above.filter((each) => dominators[each] !== undefined).reduce(common);
      if (dominators[node] === found) continue;
      dominators[node] = found;
      hasChanged = true;
    }
  }
  return new Map(nodes.map((node) => [node, ranked[dominators[rankOf.get(node) ?? NONE] ?? NONE]]));
}

/** Those that a way leads to, the nearest to a top first. */
function fromTheTops<Node>(
  nodes: readonly Node[],
  aboveOf: (node: Node) => readonly Node[],
): readonly Node[] {
  const below = new Map<Node, Node[]>();
  for (const node of nodes) {
    for (const above of aboveOf(node)) {
      const list = below.get(above);
      if (list === undefined) below.set(above, [node]);
      else list.push(node);
    }
  }
  const found = new Set(nodes.filter((node) => aboveOf(node).length === 0));
  // A set goes on with what is added to it meanwhile.
  for (const node of found) for (const each of below.get(node) ?? []) found.add(each);
  return [...found];
}
