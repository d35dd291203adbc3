import type { InventoryProblem } from './problem.ts';
import type { Reference } from './references.ts';

/** More of a long cycle does not help to find the mistake. */
const SHOWN = 10;

/**
 * References that lead back to where they start: services that need themselves, and sites and devices all of whose ways
 * lead back to themselves. In a ring, of whose members some have another way out, parents of each other are right. One problem for
 * each reference that closes a cycle. Pure, linear.
 */
export function cycleProblems(references: readonly Reference[], idOf: (reference: Reference) => string) {
  const edges = new Map<string, Reference[]>();
  for (const reference of references) {
    if (reference.list !== reference.target || !isWay(reference)) continue;
    const key = nodeKey(reference.list, idOf(reference));
    const list = edges.get(key);
    if (list === undefined) edges.set(key, [reference]);
    else list.push(reference);
  }
  const problems: InventoryProblem[] = [];
  const finished = withAWayOut(edges);
  for (const start of edges.keys()) {
    if (!finished.has(start)) walk(start, edges, finished, problems);
  }
  return problems;
}

function isWay({ field }: Reference): boolean {
  return field === 'parents' || field.startsWith('needs');
}

/** What has parents, and at least one way over them to something without any. */
function withAWayOut(edges: ReadonlyMap<string, readonly Reference[]>): Set<string> {
  const below = new Map<string, string[]>();
  for (const [key, references] of edges) {
    for (const { field, target, id } of references) {
      if (field !== 'parents') continue;
      const parent = nodeKey(target, id);
      const list = below.get(parent);
      if (list === undefined) below.set(parent, [key]);
      else list.push(key);
    }
  }
  const found = new Set<string>();
  const reached = [...below.keys()].filter((key) => !edges.has(key));
  for (let key = reached.pop(); key !== undefined; key = reached.pop()) {
    for (const child of below.get(key) ?? []) {
      if (found.has(child)) continue;
      found.add(child);
      reached.push(child);
    }
  }
  return found;
}

interface Step {
  readonly key: string;
  next: number;
}

/** Depth first with a list of its own: a chain may be longer than the stack is deep. */
function walk(
  start: string,
  edges: ReadonlyMap<string, readonly Reference[]>,
  finished: Set<string>,
  problems: InventoryProblem[],
): void {
  const path: Step[] = [{ key: start, next: 0 }];
  const depths = new Map([[start, 0]]);
  for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
    const reference = edges.get(step.key)?.[step.next++];
    if (reference === undefined) {
      finished.add(step.key);
      depths.delete(step.key);
      path.pop();
      continue;
    }
    const key = nodeKey(reference.target, reference.id);
    const depth = depths.get(key);
    if (depth !== undefined) problems.push(cycleProblem(reference, path, depth));
    else if (!finished.has(key) && edges.has(key)) {
      depths.set(key, path.length);
      path.push({ key, next: 0 });
    }
  }
}

function cycleProblem(reference: Reference, path: readonly Step[], depth: number): InventoryProblem {
  const length = path.length - depth;
  const shown = path.slice(depth, depth + SHOWN).map(({ key }) => idOfKey(key));
  const leads = reference.field === 'parents' ? 'leads only' : 'leads';
  if (length > SHOWN) shown.push(`… ${length - SHOWN} more`);
  return {
    list: reference.list,
    at: reference.at,
    field: reference.field,
    message: `${leads} back to itself: ${[...shown, reference.id].join(' → ')}`,
    value: reference.id,
  };
}

function nodeKey(list: string, id: string): string {
  return `${list}:${id}`;
}

function idOfKey(key: string): string {
  return key.slice(key.indexOf(':') + 1);
}
