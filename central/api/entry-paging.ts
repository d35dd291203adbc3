import { z } from 'zod';
import { cursorKey, pageQuery, type ListKey, type PageQuery } from './paging.ts';
import { ApiError } from './problem.ts';

/** Lists of numbered entries, newest first. */
export const ENTRY_KEY: ListKey<{ readonly id: number }> = {
  of: ({ id }) => String(id),
  pattern: /^[1-9]\d{0,14}$/,
};

export function entryPageQuery() {
  return {
    ...pageQuery(),
    // To be removed with the release after 0.1.0.
    before: z.coerce.number().int().positive().optional().meta({
      description: 'replaced by `cursor`: id of the last entry of the page before',
      deprecated: true,
    }),
  };
}

/** The id that all entries of the page are below; undefined on the first page. */
export function entriesBefore(
  query: PageQuery & { readonly before?: number | undefined },
): number | undefined {
  const { cursor, before } = query;
  if (cursor !== undefined && before !== undefined)
    throw new ApiError('INVALID_REQUEST', 'cursor and before cannot be used together');
  const key = cursorKey(query, ENTRY_KEY);
  return key === undefined ? before : Number(key);
}
