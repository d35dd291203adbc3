import type { RunCounts } from '../scheduler/collector-set.ts';

const MAX_SHOWN = 3;

/**
 * Why the config on trial failed; undefined if it is good. It fails when every collector ran and no run had a result: one
 * dead device is not the config's fault, and a run in progress has not failed. Pure.
 */
export function evaluateTrial(
  names: readonly string[],
  runCounts: ReadonlyMap<string, RunCounts>,
): string | undefined {
  const failed = names.flatMap((name) => {
    const counts = runCounts.get(name);
    return counts !== undefined && counts.runs > 0 && counts.failures === counts.runs
      ? [`${name}: ${counts.lastError ?? 'no reason given'}`]
      : [];
  });
  if (failed.length < names.length) return undefined;
  const more = failed.length - MAX_SHOWN;
  return `none of its collectors could measure: ${failed.slice(0, MAX_SHOWN).join('; ')}${more > 0 ? ` and ${more} more` : ''}`;
}
