/**
 * JSON that may be wrong: objects keep repeated keys, and `raw` is any text. What `JSON.stringify` cannot write (`1e999`,
 * a broken token, a million brackets) can be put at any place.
 */
export type JsonTree =
  | { readonly kind: 'object'; entries: [key: string, value: JsonTree][] }
  | { readonly kind: 'array'; items: JsonTree[] }
  | { readonly kind: 'raw'; text: string };

export function toTree(value: unknown): JsonTree {
  if (Array.isArray(value)) return { kind: 'array', items: value.map(toTree) };
  if (typeof value !== 'object' || value === null) return { kind: 'raw', text: JSON.stringify(value) };
  return { kind: 'object', entries: Object.entries(value).map(([key, each]) => [key, toTree(each)]) };
}

export function toText(tree: JsonTree): string {
  switch (tree.kind) {
    case 'raw':
      return tree.text;
    case 'array':
      return `[${tree.items.map(toText).join(',')}]`;
    case 'object':
      return `{${tree.entries.map(([key, value]) => `${JSON.stringify(key)}:${toText(value)}`).join(',')}}`;
  }
}

/** A place in a tree: what is there, and how to put something else there. */
export interface Place {
  readonly tree: JsonTree;
  replace(tree: JsonTree): void;
}

/** All places of a tree, its root left out. */
export function placesIn(root: JsonTree): readonly Place[] {
  const places: Place[] = [];
  const visit = (tree: JsonTree): void => {
    if (tree.kind === 'array') {
      for (const [at, item] of tree.items.entries()) {
        places.push({ tree: item, replace: (other) => (tree.items[at] = other) });
        visit(item);
      }
    } else if (tree.kind === 'object') {
      for (const entry of tree.entries) {
        places.push({ tree: entry[1], replace: (other) => (entry[1] = other) });
        visit(entry[1]);
      }
    }
  };
  visit(root);
  return places;
}
