/**
 * Pure. Which nodes can be reached at all: `needs` has of each the groups of which it needs one each, such as one of its ways and one of its
 * parents; a node that needs nothing is a way out. What only leads back to itself cannot be reached.
 */
export function whatOpens(needs: readonly (readonly (readonly number[])[])[]): Uint8Array {
  const isOpen = new Uint8Array(needs.length);
  const dependents: number[][] = needs.map(() => []);
  needs.forEach((groups, node) => {
    for (const other of groups.flat()) dependents[other]?.push(node);
  });
  const waiting = needs.map((_, node) => node);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const groups = needs[node] ?? [];
    if (isOpen[node] === 1 || !groups.every((group) => group.some((other) => isOpen[other] === 1))) continue;
    isOpen[node] = 1;
    waiting.push(...(dependents[node] ?? []));
  }
  return isOpen;
}
