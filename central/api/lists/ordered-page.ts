import { z } from 'zod';
import { badCursor, cursorKey, cutPage, type ListKey, type Page, type PageQuery } from '../paging.ts';

/** A way to order a list: by these numbers, the smallest first, then by id. */
export interface ListOrder<T> {
  readonly name: string;
  readonly valuesOf: (item: T) => readonly number[];
}

interface Position {
  readonly values: readonly number[];
  readonly id: string;
}

const POSITION = z.tuple([z.string(), z.array(z.number()).max(4), z.string()]);

/**
 * Pure. A page in that order. A cursor holds the numbers and the id of the last entry, so that it stays right while others move. Throws an ApiError for
 * a cursor of another order.
 */
export function orderedPage<T>(
  items: readonly T[],
  id: ListKey<T>,
  { name, valuesOf }: ListOrder<T>,
  query: PageQuery,
): Page<T> {
  const key: ListKey<T> = {
    of: (item) => JSON.stringify([name, valuesOf(item), id.of(item)]),
    pattern: /^\[/,
  };
  const after = readPosition(cursorKey(query, key), name, id.pattern);
  const behind = items
    .map((item) => ({ item, values: valuesOf(item), id: id.of(item) }))
    .filter((each) => after === undefined || inOrder(each, after) > 0)
    .sort(inOrder)
    .slice(0, query.limit + 1)
    .map(({ item }) => item);
  return cutPage(behind, key, query);
}

function inOrder(a: Position, b: Position): number {
  for (const [at, value] of a.values.entries()) {
    const difference = value - (b.values[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(a.id > b.id) - Number(a.id < b.id);
}

function readPosition(text: string | undefined, name: string, idPattern: RegExp): Position | undefined {
  if (text === undefined) return undefined;
  const parsed = POSITION.safeParse(parseOrUndefined(text));
  if (!parsed.success) throw badCursor();
  const [of, values, id] = parsed.data;
  if (of !== name || !idPattern.test(id)) throw badCursor();
  return { values, id };
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
