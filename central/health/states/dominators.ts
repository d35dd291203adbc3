/**
 * Pure. For each node the nearest one that all ways to it lead over; undefined: there is none. Ways must not run in a loop.
 * Immediate dominators (Cooper, Harvey, Kennedy 2001), of what is reached from several tops.
 */
export function dominatorsOf<Node>(
  nodes: readonly Node[],
  aboveOf: (node: Node) => readonly Node[],
): ReadonlyMap<Node, Node | undefined> {
  const found = new Map<Node, Node | undefined>();
  const depths = new Map<Node, number>();

  const common = (a: Node | undefined, b: Node | undefined): Node | undefined => {
    let [left, right] = [a, b];
    while (left !== right) {
      if (left === undefined || right === undefined) return undefined;
      if ((depths.get(left) ?? 0) >= (depths.get(right) ?? 0)) left = found.get(left);
      else right = found.get(right);
    }
    return left;
  };

  for (const start of nodes) {
    const path = [start];
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const missing = found.has(node) ? undefined : aboveOf(node).find((each) => !found.has(each));
      if (missing !== undefined) {
        path.push(missing);
        continue;
      }
      path.pop();
      if (found.has(node)) continue;
      const [first, ...others] = aboveOf(node);
      const above = others.reduce<Node | undefined>((left, right) => common(left, right), first);
      found.set(node, above);
      depths.set(node, above === undefined ? 0 : (depths.get(above) ?? 0) + 1);
    }
  }
  return found;
}
