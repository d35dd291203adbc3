import type { SampleStore, SumsResult } from '../../store/sample-store.ts';
import { ApiError } from '../problem.ts';
import { askSums } from '../series/ask-store.ts';
import type { TimeRange } from '../times/time-range.ts';

/** Sums over the minutes of a range, in one unit and network. */
export interface NetworkSums {
  readonly unit: string;
  readonly operator: string | undefined;
  readonly rat: string | undefined;
  readonly samples: number;
  readonly covered: number;
  /** Each minute of each modem that was measured in it. */
  readonly modemMinutes: number;
  readonly dips: number;
  readonly dipS: number;
  readonly fallBacks: number;
}

/** Of measurement `coverage`, as central/rollups writes it. */
const FIELDS = ['samples', 'samples_covered', 'modems_count', 'dips_count', 'dip_s', 'fallbacks_count'];

/** Units, times the networks that their modems are in. */
const MAX_NETWORKS = 50_000;

/** Throws an ApiError where there are more networks than an answer has: the rest would be missing from each share. `held`: what the store says of where its answer comes from. */
export async function readCoverage(
  store: Pick<SampleStore, 'sums'>,
  { unit, ...range }: TimeRange & { readonly unit: string | undefined },
  signal: AbortSignal,
): Promise<{
  readonly sums: readonly NetworkSums[];
  readonly held: Omit<SumsResult, 'groups'>;
}> {
  const query = {
    ...{ ...range, measurement: 'coverage', fields: FIELDS, groupBy: ['unit', 'operator', 'rat'] },
    ...{ tags: unit === undefined ? {} : { unit: [unit] }, maxGroups: MAX_NETWORKS },
  };
  const { groups, ...held } = await askSums(store, query, signal);
  if (held.truncated) {
    const detail = `there are more than ${MAX_NETWORKS} networks of units in this time; ask for ${unit === undefined ? 'one unit' : 'less time'}`;
    throw new ApiError('QUERY_REFUSED', detail);
  }
  const sums = groups.map(({ tags, sums: numbers }): NetworkSums => {
    const [samples = 0, covered = 0, modemMinutes = 0, dips = 0, dipS = 0, fallBacks = 0] = numbers;
    const { unit: code = '', operator, rat } = tags;
    return { unit: code, operator, rat, samples, covered, modemMinutes, dips, dipS, fallBacks };
  });
  return { sums, held };
}
