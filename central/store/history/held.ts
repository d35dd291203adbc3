import type { SeriesQuery, SeriesResult } from '../sample-store.ts';
import type { HistoryStanding, Segment } from './levels.ts';
import type { HistoryView } from './segments.ts';

/** What an answer from these segments says of where it comes from. Pure. */
export function heldOf(
  query: Pick<SeriesQuery, 'fromMs' | 'toMs'>,
  segments: readonly Segment[],
  { standing }: HistoryView,
): Pick<SeriesResult, 'availableFromMs' | 'sources'> {
  const fromMs = segments[0]?.fromMs ?? oldestOf(standing);
  const isAsked = query.fromMs < query.toMs && query.toMs > 0;
  return {
    ...(isAsked && fromMs > Math.max(query.fromMs, 0) && { availableFromMs: fromMs }),
    ...(segments.some(({ resolution }) => resolution !== 'raw') && { sources: segments }),
  };
}

/** The oldest time of which a store has anything. Pure. */
export function oldestOf({ rawFromMs = 0, minute, hour }: HistoryStanding): number {
  return Math.min(rawFromMs, minute.fromMs ?? Infinity, hour.fromMs ?? Infinity);
}
