import { HOUR_MS, LEVELS, type HistoryStanding, type Segment } from './levels.ts';
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

/** How far a store is at the moment of a query. */
export interface HistoryView {
  readonly standing: HistoryStanding;
  /** Begins of hours, ascending, for which rows came after they were rolled up: until that is done again only samples have them all. */
  readonly lateHoursMs: readonly number[];
}

/**
 * What a query is answered from, in the order of time and without gaps: of each time the coarsest level of which all buckets lie within a
 * bucket of the query, since its answer is the same and the quickest; at its edges the finer ones, samples last. Begins later than the query
 * where nothing holds the time before. Pure.
 */
export function planSegments(
  query: Asked & Pick<SeriesQuery, 'fromMs' | 'toMs'>,
  subject: Subject,
  { standing, lateHoursMs }: HistoryView,
): readonly Segment[] {
  const { everyMs, offsetMs = 0 } = query;
  const rawFromMs = standing.rawFromMs ?? 0;
  const levels = needsSamples(query, subject)
    ? []
    : LEVELS.flatMap(({ name, widthMs }): Coverage[][] => {
        const { fromMs = 0, rolledToMs } = standing[name];
        if (rolledToMs === undefined || !divides(widthMs, everyMs, offsetMs)) return [];
        // Minutes without samples cannot have come late; the hour that has them can.
        const keptFromMs = name === 'minute' ? Math.ceil(rawFromMs / widthMs) * widthMs : 0;
        const late = lateHoursMs
          .filter((hourMs) => hourMs + HOUR_MS > rawFromMs)
          .map((hourMs) => ({ fromMs: Math.max(hourMs, keptFromMs), toMs: hourMs + HOUR_MS }));
        return [without(late, { resolution: name, widthMs, fromMs, toMs: rolledToMs })];
      });
  const raw: Coverage = { resolution: 'raw', widthMs: 1, fromMs: rawFromMs, toMs: Infinity };
  // No sample is older than 1970.
  return cover(Math.max(query.fromMs, 0), query.toMs, [...levels.reverse(), [raw]]);
}

/** The parts of a coverage that are left. `holes` ascend. */
function without(
  holes: readonly { readonly fromMs: number; readonly toMs: number }[],
  whole: Coverage,
): Coverage[] {
  const parts: Coverage[] = [];
  let { fromMs } = whole;
  for (const hole of holes) {
    if (hole.fromMs > fromMs) parts.push({ ...whole, fromMs, toMs: Math.min(hole.fromMs, whole.toMs) });
    fromMs = Math.max(fromMs, hole.toMs);
  }
  parts.push({ ...whole, fromMs });
  return parts;
}

/** `coverages`: the coarsest first, the parts of each in the order of time. */
function cover(
  fromMs: number,
  toMs: number,
  [parts, ...finer]: readonly (readonly Coverage[])[],
): readonly Segment[] {
  if (parts === undefined) return [];
  const segments: Segment[] = [];
  let nextMs = fromMs;
  for (const { resolution, widthMs, ...part } of parts) {
    const start = Math.ceil(Math.max(nextMs, part.fromMs) / widthMs) * widthMs;
    const end = Math.floor(Math.min(toMs, part.toMs) / widthMs) * widthMs;
    if (start >= end) continue;
    segments.push(...cover(nextMs, start, finer), { resolution, fromMs: start, toMs: end });
    nextMs = end;
  }
  return nextMs < toMs ? [...segments, ...cover(nextMs, toMs, finer)] : segments;
}

function divides(widthMs: number, everyMs: number | undefined, offsetMs: number): boolean {
  return everyMs !== undefined && everyMs % widthMs === 0 && offsetMs % widthMs === 0;
}
