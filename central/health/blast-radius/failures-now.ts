import type { PresentStates } from '../present-states.ts';

/**
 * What is down by itself now; all else that is unreachable follows from it. A site is down with its devices, which count already,
 * unless it is named as the root of what is behind it. Pure.
 */
export function failuresNow(states: Pick<PresentStates, 'list'>): Set<string> {
  const failed = new Set<string>();
  for (const kind of ['device', 'link', 'site'] as const) {
    for (const [ref, { state, roots }] of states.list(kind)) {
      if (state === 'down' && kind !== 'site') failed.add(ref);
      if (state === 'unreachable') for (const root of roots) failed.add(root);
    }
  }
  return failed;
}
