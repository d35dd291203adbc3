import type { SampleStore, SeriesQuery, SeriesResult } from '../../store/sample-store.ts';
import { ApiError } from '../problem.ts';
import { askStore } from '../series/ask-store.ts';
import { DAY_MS, type TimeRange } from '../times/time-range.ts';

/** Sums over the minutes of a range, in one unit and network. */
export interface NetworkSums {
  readonly unit: string;
  readonly operator: string | undefined;
  readonly rat: string | undefined;
  samples: number;
  covered: number;
  /** Each minute of each modem that was measured in it. */
  modemMinutes: number;
  dips: number;
  dipS: number;
  fallBacks: number;
}

/** Of measurement `coverage`, as central/rollups writes it. */
const FIELDS = {
  samples: 'samples',
  covered: 'samples_covered',
  modemMinutes: 'modems_count',
  dips: 'dips_count',
  dipS: 'dip_s',
  fallBacks: 'fallbacks_count',
} as const;
type Sum = keyof typeof FIELDS;

/** One bucket for every range. */
const CENTURY_MS = 36_500 * DAY_MS;
/** Units, times the networks that their modems are in. */
const MAX_NETWORKS = 50_000;

/** Throws an ApiError where there are more networks than an answer has: the rest would be missing from each share. `held`: what the store says of where its answer comes from. */
export async function readCoverage(
  store: Pick<SampleStore, 'query'>,
  { unit, ...range }: TimeRange & { readonly unit: string | undefined },
  signal: AbortSignal,
): Promise<{ readonly sums: readonly NetworkSums[]; readonly held: SeriesResult }> {
  const query: Omit<SeriesQuery, 'field'> = {
    ...range,
    measurement: 'coverage',
    everyMs: CENTURY_MS,
    aggregate: 'sum',
    groupBy: [],
    tags: unit === undefined ? {} : { unit: [unit] },
    maxPoints: MAX_NETWORKS,
  };
  const names = Object.keys(FIELDS) as Sum[];
  const found = await Promise.all(
    names.map((name) => askStore(store, { ...query, field: FIELDS[name] }, signal)),
  );
  if (found.some(({ truncated }) => truncated)) {
    const detail = `there are more than ${MAX_NETWORKS} networks of units in this time; ask for ${unit === undefined ? 'one unit' : 'less time'}`;
    throw new ApiError('QUERY_REFUSED', detail);
  }
  const sums = new Map<string, NetworkSums>();
  for (const [at, name] of names.entries())
    for (const { tags, points } of found[at]?.series ?? []) {
      const { unit: code = '', operator, rat } = tags;
      const key = `${code} ${operator ?? ''} ${rat ?? ''}`;
      const known = sums.get(key) ?? { ...NOTHING, unit: code, operator, rat };
      known[name] += points.reduce((sum, [, value]) => sum + Number(value), 0);
      sums.set(key, known);
    }
  const [held = { series: [], truncated: false }] = found;
  return { sums: [...sums.values()], held };
}

const NOTHING: Readonly<Record<Sum, number>> = {
  ...{ samples: 0, covered: 0, modemMinutes: 0, dips: 0, dipS: 0, fallBacks: 0 },
};
