/** What one case of growth took. */
export interface Grown {
  readonly store: string;
  /** Times the city's load. */
  readonly factor: number;
  readonly cpuS: number;
  /** Values acknowledged in the same time. */
  readonly values: number;
}

export function cpuSPerMillion({ cpuS, values }: Pick<Grown, 'cpuS' | 'values'>): number {
  return cpuS / (values / 1e6);
}

/** CPU of a value, of what it costs at 1 × on the same store: 1 is linear. NaN without such a case. */
export function toOnce(grown: Grown, all: readonly Grown[]): number {
  const once = all.find(({ store, factor }) => store === grown.store && factor === 1);
  return once === undefined ? Number.NaN : cpuSPerMillion(grown) / cpuSPerMillion(once);
}
