import { z } from 'zod';
import { ApiError } from './problem.ts';

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  cursor: z.string().max(200).optional(),
};

/** A page of a list sorted by a unique key; the cursor is the key of the last entry, in base64url. */
export function pageByKey<T>(
  sorted: readonly T[],
  keyOf: (entry: T) => string,
  query: { readonly limit: number; readonly cursor?: string | undefined },
): { items: T[]; nextCursor?: string } {
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  const start = after === undefined ? 0 : sorted.findIndex((entry) => keyOf(entry) > after);
  if (start === -1) return { items: [] };
  const items = sorted.slice(start, start + query.limit);
  const last = items.at(-1);
  const more = start + items.length < sorted.length;
  return { items, ...(more && last !== undefined && { nextCursor: encodeCursor(keyOf(last)) }) };
}

export function encodeCursor(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url');
}

export function decodeCursor(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (encodeCursor(key) !== cursor)
    throw new ApiError(400, 'BAD_CURSOR', `cursor "${cursor}" is not one of ours`);
  return key;
}
