/** A network to which directions are to be given. */
export interface Undirected {
  readonly nodes: readonly string[];
  readonly links: readonly (readonly [string, string])[];
}

export interface FoundRoots {
  readonly roots: ReadonlySet<string>;
  /** Nodes of parts for which nobody says where the way out is. */
  readonly guessed: ReadonlySet<string>;
}

/**
 * For each connected part the nodes through which it is reached: those that the first of `tests` finds that finds any. Where none
 * does, the node with the most links is taken, as `edge discover` does; of several the first. Pure.
 */
export function findRoots(
  { nodes, links }: Undirected,
  tests: readonly ((node: string) => boolean)[],
): FoundRoots {
  const neighbours = new Map(nodes.map((node) => [node, new Set<string>()]));
  for (const [a, b] of links) {
    neighbours.get(a)?.add(b);
    neighbours.get(b)?.add(a);
  }
  const roots = new Set<string>();
  const guessed = new Set<string>();
  const seen = new Set<string>();
  for (const node of nodes) {
    if (seen.has(node)) continue;
    const part = partOf(node, neighbours);
    for (const each of part) seen.add(each);
    const found = tests.map((test) => part.filter(test)).find(({ length }) => length > 0);
    if (found !== undefined) {
      for (const root of found) roots.add(root);
      continue;
    }
    roots.add(part.reduce((a, b) => (linkCount(b, neighbours) > linkCount(a, neighbours) ? b : a)));
    for (const each of part) guessed.add(each);
  }
  return { roots, guessed };
}

type Neighbours = ReadonlyMap<string, ReadonlySet<string>>;

function partOf(start: string, neighbours: Neighbours): string[] {
  const reached = new Set([start]);
  for (const node of reached) for (const next of neighbours.get(node) ?? []) reached.add(next);
  return [...reached].sort();
}

function linkCount(node: string, neighbours: Neighbours): number {
  return neighbours.get(node)?.size ?? 0;
}
