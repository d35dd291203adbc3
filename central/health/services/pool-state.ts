import type { Pool } from '../../../contract/inventory.ts';
import type { LatestCache } from '../../live/latest-cache.ts';
import type { StateOf, ThingState } from './thing-state.ts';

const FULL_PCT = 100;

/** Of each pool of which something is used up: which of its resources. */
export type FullPools = ReadonlyMap<string, readonly string[]>;

/** As measured last; undefined `used_pct` says nothing. */
export function readFullPools(latest: Pick<LatestCache, 'rows'>): FullPools {
  const full = new Map<string, string[]>();
  for (const { tags, fields } of latest.rows('capacity', {}, Infinity)) {
    const used = fields['used_pct'];
    const { pool, resource } = tags;
    if (typeof used !== 'number' || used < FULL_PCT || pool === undefined || resource === undefined) continue;
    full.set(pool, [...(full.get(pool) ?? []), resource]);
  }
  return full;
}

/** Pure. A pool is as its site; with a resource that is used up it still serves what it has, and takes nothing more. */
export function poolState(pool: Pool | undefined, stateOf: StateOf, full: FullPools): ThingState {
  if (pool === undefined) return { state: 'unknown', roots: [] };
  const ref = `site:${pool.site}`;
  const { state, roots, sinceMs } = stateOf(ref);
  if (state !== 'up') return { state, roots: roots.length > 0 ? roots : [ref], sinceMs };
  const resources = full.get(pool.id);
  if (resources === undefined) return { state, roots, sinceMs };
  return { state: 'degraded', roots: [], sinceMs, word: `full (${resources.join(', ')})` };
}
