import { LEVELS, type HistoryStanding, type Segment } from './levels.ts';
import type { Aggregate, SeriesQuery } from '../sample-store.ts';
import type { PlannedQuery } from '../series-query.ts';

/** What one resolution holds. */
interface Coverage extends Segment {
  readonly widthMs: number;
}

/** Those that come out of counts, sums, least and greatest values as exactly as out of samples. */
const OF_LEVELS: ReadonlySet<Aggregate> = new Set<Aggregate>(['mean', 'min', 'max', 'sum', 'count']);

type Asked = Pick<SeriesQuery, 'everyMs' | 'offsetMs' | 'aggregate'>;

/** What a query asks of a field: of levels there are parts of numbers, and counts of states, which are flags and texts. */
export type Subject = 'number' | 'state' | 'other';

export function subjectOf({ fieldType, states }: Pick<PlannedQuery, 'fieldType' | 'states'>): Subject {
  const isState = fieldType === 'bool' || fieldType === 'string';
  if (states !== undefined) return isState ? 'state' : 'other';
  return isState ? 'other' : 'number';
}

/** Whether nothing but samples can answer the query. */
export function needsSamples({ everyMs, offsetMs = 0, aggregate }: Asked, subject: Subject): boolean {
  const [{ widthMs }] = LEVELS;
  const isOfLevels = subject === 'state' || (subject === 'number' && OF_LEVELS.has(aggregate));
  return !isOfLevels || !divides(widthMs, everyMs, offsetMs);
}

/**
 * What a query is answered from, in the order of time and without gaps: of each time the coarsest level of which all buckets lie within a
 * bucket of the query, since its answer is the same and the quickest; at its edges the finer ones, samples last. Begins later than the query
 * where nothing holds the time before. Pure.
 */
export function planSegments(
  query: Asked & Pick<SeriesQuery, 'fromMs' | 'toMs'>,
  subject: Subject,
  standing: HistoryStanding,
): readonly Segment[] {
  const { everyMs, offsetMs = 0 } = query;
  const levels = needsSamples(query, subject)
    ? []
    : LEVELS.flatMap(({ name, widthMs }): Coverage[] => {
        const { fromMs = 0, rolledToMs } = standing[name];
        if (rolledToMs === undefined || !divides(widthMs, everyMs, offsetMs)) return [];
        return [{ resolution: name, widthMs, fromMs, toMs: rolledToMs }];
      });
  const raw: Coverage = { resolution: 'raw', widthMs: 1, fromMs: standing.rawFromMs ?? 0, toMs: Infinity };
  // No sample is older than 1970.
  return cover(Math.max(query.fromMs, 0), query.toMs, [...levels.reverse(), raw]);
}

function cover(fromMs: number, toMs: number, [first, ...finer]: readonly Coverage[]): readonly Segment[] {
  if (first === undefined || fromMs >= toMs) return [];
  const { resolution, widthMs } = first;
  const start = Math.ceil(Math.max(fromMs, first.fromMs) / widthMs) * widthMs;
  const end = Math.floor(Math.min(toMs, first.toMs) / widthMs) * widthMs;
  if (start >= end) return cover(fromMs, toMs, finer);
  return [
    ...cover(fromMs, start, finer),
    { resolution, fromMs: start, toMs: end },
    ...cover(end, toMs, finer),
  ];
}

function divides(widthMs: number, everyMs: number | undefined, offsetMs: number): boolean {
  return everyMs !== undefined && everyMs % widthMs === 0 && offsetMs % widthMs === 0;
}
