import type { FieldValue } from '../../../contract/sample.ts';

export const ORDERS = ['desc', 'asc'] as const;
export type Order = (typeof ORDERS)[number];

interface Entry {
  readonly tags: Readonly<Record<string, string>>;
  readonly value: FieldValue;
}

/** The first `limit` in the order of their values; equal ones in the order of their tags. Pure. */
export function rank<T extends Entry>(entries: readonly T[], order: Order, limit: number): T[] {
  const sign = order === 'desc' ? -1 : 1;
  return entries
    .map((entry) => ({ entry, value: entry.value, key: Object.values(entry.tags).join('\0') }))
    .sort((a, b) => sign * compare(a.value, b.value) || compare(a.key, b.key))
    .slice(0, limit)
    .map(({ entry }) => entry);
}

/** The values of one field are of one type, but for whole numbers beyond 2^53, which compare with others. */
function compare(a: FieldValue, b: FieldValue): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
