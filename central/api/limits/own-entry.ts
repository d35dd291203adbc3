import type { SearchEntry } from '../../inventory/search/search-entry.ts';
import type { Reach } from './reach.ts';

/** Whether what was found is the caller's own: a former unit is where its land is, a port where its device is. Pure. */
export function isOwnEntry(
  { kind, id, belongsTo = [], todaysUnits = [] }: SearchEntry,
  reach: Reach,
): boolean {
  if (kind === 'former-unit') return todaysUnits.some((unit) => reach.has('unit', unit));
  if (kind === 'pool' || kind === 'interface') return belongsTo.some(([of, name]) => reach.has(of, name));
  return reach.has(kind, id);
}
