/** What one case of growth took. */
export interface Grown {
  readonly store: string;
  /** Times the city's load. */
  readonly factor: number;
  readonly cpuS: number;
  /** Values acknowledged in the same time. */
  readonly values: number;
  /** Of the values sent. */
  readonly ackedRatio: number;
}

/** Below, central has fallen behind. */
export const COMPLETE_RATIO = 0.99;

export function cpuSPerMillion({ cpuS, values }: Pick<Grown, 'cpuS' | 'values'>): number {
  return cpuS / (values / 1e6);
}

/**
 * CPU of a value, of what it costs at 1 × on the same store: 1 is linear. undefined where one of the two is not complete:
 * values that wait for their acknowledgement have taken CPU already, or will.
 */
export function toOnce(grown: Grown, all: readonly Grown[]): number | undefined {
  const once = all.find(({ store, factor }) => store === grown.store && factor === 1);
  if (once === undefined || !(Math.min(once.ackedRatio, grown.ackedRatio) >= COMPLETE_RATIO))
    return undefined;
  return cpuSPerMillion(grown) / cpuSPerMillion(once);
}

/** The largest of them; undefined if one is. */
export function worstOf(ratios: readonly (number | undefined)[]): number | undefined {
  const known = ratios.filter((ratio) => ratio !== undefined);
  return known.length < ratios.length || known.length === 0 ? undefined : Math.max(...known);
}
