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
  const [unmeasured, full] = [inState('unknown'), inState('degraded')];
  if (unmeasured.length + full.length === 0) return { state, roots, sinceMs };
  return {
    ...{ state: unmeasured.length > 0 ? 'unknown' : 'degraded', roots: [], lacks: { unmeasured, full } },
    // Since when nobody measures it is not known.
    ...(unmeasured.length === 0 && { sinceMs }),
  };
}
