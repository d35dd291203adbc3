import type { Pool } from '../../../contract/inventory.ts';
import { resourceState, type ResourceParts } from './resource-state.ts';
import type { ThingState } from './thing-state.ts';

/**
 * Pure. A pool is as its site. Where that is up, each of its resources must be measured for it to be: with one that nobody measures it is unknown, and with one
 * that is used up it still serves what it has, and takes nothing more. `resources`: those of one pool that are in service.
 */
export function poolState(resources: readonly Pool[], parts: ResourceParts): ThingState {
  const [first] = resources;
  if (first === undefined) return { state: 'unknown', roots: [] };
  const ref = `site:${first.site}`;
  const { state, roots, sinceMs } = parts.stateOf(ref);
  if (state !== 'up') return { state, roots: roots.length > 0 ? roots : [ref], sinceMs };
  const inState = (wanted: ThingState['state']): string[] =>
    resources.filter((pool) => resourceState(pool, parts).state === wanted).map(({ resource }) => resource);
  const [unknown, full] = [inState('unknown'), inState('degraded')];
  const words = [
    ...(unknown.length > 0 ? [`not measured (${unknown.join(', ')})`] : []),
    ...(full.length > 0 ? [`full (${full.join(', ')})`] : []),
  ];
  if (words.length === 0) return { state, roots, sinceMs };
  return {
    ...{ state: unknown.length > 0 ? 'unknown' : 'degraded', roots: [], word: words.join(' and ') },
    // Since when nobody measures it is not known.
    ...(unknown.length === 0 && { sinceMs }),
  };
}
