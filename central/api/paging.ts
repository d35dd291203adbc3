import { z } from 'zod';
import { ApiError } from './problem.ts';

const MAX_LIMIT = 1_000;

/** The query parameters of every list. */
export function pageQuery(defaultLimit = 100, maxLimit = MAX_LIMIT) {
  return {
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .max(maxLimit)
      .default(defaultLimit)
      .describe('most entries of the answer'),
    cursor: z.string().optional().describe('nextCursor of the page before'),
  };
}

/** For lists that are short enough to be given whole if nobody asks for pages. */
export const WHOLE_LIST = MAX_LIMIT;

export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** The answer of every list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().optional().describe('the cursor of the next page; not there on the last page'),
  });
}

export interface Page<T> {
  readonly items: T[];
  readonly nextCursor?: string;
}

/** Identifies the entries of a list and orders them; a cursor holds the key of a page's last entry. */
export interface ListKey<T> {
  readonly of: (entry: T) => string;
  /** Any other text in a cursor is refused. */
  readonly pattern: RegExp;
}

/** A page of a whole list that is in the order of its keys. */
export function pageOfSorted<T>(sorted: readonly T[], key: ListKey<T>, query: PageQuery): Page<T> {
  const after = cursorKey(query, key);
  const start = after === undefined ? 0 : sorted.findIndex((entry) => key.of(entry) > after);
  if (start === -1) return { items: [] };
  return cutPage(sorted.slice(start, start + query.limit + 1), key, query);
}

/** A page of entries that were read from behind the cursor, one more than `limit` where there are more. */
export function cutPage<T>(entries: readonly T[], key: ListKey<T>, { limit }: PageQuery): Page<T> {
  const items = entries.slice(0, limit);
  const last = items.at(-1);
  const hasMore = entries.length > limit && last !== undefined;
  return { items, ...(hasMore && { nextCursor: encodeCursor(key.of(last)) }) };
}

/** The key in the cursor, for lists that are read page by page; undefined on the first page. */
export function cursorKey(
  { cursor }: Pick<PageQuery, 'cursor'>,
  key: Pick<ListKey<never>, 'pattern'>,
): string | undefined {
  if (cursor === undefined) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (encodeCursor(text) !== cursor || !key.pattern.test(text)) throw badCursor();
  return text;
}

export function badCursor(why = 'querystring.cursor: expected a nextCursor of this list'): ApiError {
  return new ApiError('BAD_CURSOR', why);
}

export function encodeCursor(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url');
}
