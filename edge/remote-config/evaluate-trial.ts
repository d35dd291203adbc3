/** How the collectors of a config have done since it was put to work. */
export interface RunTally {
  readonly runs: number;
  /** Runs that gave nothing. */
  readonly failures: number;
  readonly lastError: string | undefined;
}

const SHOWN = 3;

/**
 * Why a config does not do, or undefined. One that measures anything does: a dead switch is no fault of the config, and
 * a run that is still going has not failed. Pure.
 */
export function judgeTrial(
  names: readonly string[],
  tallies: ReadonlyMap<string, RunTally>,
): string | undefined {
  const failed = names.flatMap((name) => {
    const tally = tallies.get(name);
    return tally !== undefined && tally.runs > 0 && tally.failures === tally.runs
      ? [`${name}: ${tally.lastError ?? 'no reason given'}`]
      : [];
  });
  if (failed.length < names.length) return undefined;
  const more = failed.length - SHOWN;
  return `none of its collectors could measure: ${failed.slice(0, SHOWN).join('; ')}${more > 0 ? ` and ${more} more` : ''}`;
}
