/**
 * Pure. What each of `count` nodes depends on, in an order in which everything comes after what it depends on, and those of a loop one after
 * the other. Tarjan's strongly connected components, without recursion.
 */
export function orderWithoutLoops(dependencies: readonly (readonly number[])[]): {
  readonly order: readonly number[];
  /** The loop that each node is in; two nodes of one number are in the same. */
  readonly loopOf: readonly number[];
} {
  const count = dependencies.length;
  const indexes = new Int32Array(count).fill(-1);
  const lows = new Int32Array(count);
  const isOpen = new Uint8Array(count);
  const loopOf = new Array<number>(count).fill(-1);
  const order: number[] = [];
  const open: number[] = [];
  const path: { readonly node: number; next: number }[] = [];
  let index = 0;
  let loop = 0;

  const enter = (node: number): void => {
    indexes[node] = lows[node] = index++;
    isOpen[node] = 1;
    open.push(node);
    path.push({ node, next: 0 });
  };
  const lower = (node: number, low: number): void => {
    lows[node] = Math.min(lows[node] ?? 0, low);
  };
  const leave = (node: number): void => {
    path.pop();
    const above = path.at(-1);
    if (above !== undefined) lower(above.node, lows[node] ?? 0);
    if (lows[node] !== indexes[node]) return;
    for (;;) {
      const member = open.pop();
      if (member === undefined) return;
      isOpen[member] = 0;
      loopOf[member] = loop;
      order.push(member);
      if (member === node) break;
    }
    loop++;
  };

  for (let start = 0; start < count; start++) {
    if (indexes[start] !== -1) continue;
    enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const dependency = dependencies[top.node]?.[top.next++];
      if (dependency === undefined) leave(top.node);
      else if (indexes[dependency] === -1) enter(dependency);
      else if (isOpen[dependency] === 1) lower(top.node, indexes[dependency] ?? 0);
    }
  }
  return { order, loopOf };
}
