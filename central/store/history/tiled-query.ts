import { StoreQueryError, type SeriesResult } from '../sample-store.ts';
import { assembleSeries, type PlannedQuery, type PointRow } from '../series-query.ts';
import { assembleShares, MAX_STATE_COUNTS, type StateCount } from '../state-shares.ts';
import { combineParts, type SeriesPart } from './parts.ts';
import { heldOf, oldestOf } from './held.ts';
import type { Segment } from './levels.ts';
import { needsSamples, planSegments, subjectOf, type HistoryView } from './segments.ts';
import { tilesOf, type SplitBucket } from './tiles.ts';

/** How a store reads one segment. */
export interface SegmentReader {
  /** The newest first, at most `maxPoints + 1`. */
  rows(plan: PlannedQuery, segment: Segment): Promise<readonly PointRow[]>;
  /** What each series has in the segment, which lies within one bucket. */
  parts(plan: PlannedQuery, segment: Segment): Promise<readonly SeriesPart[]>;
  /** Of a query for states; the newest first, at most `MAX_STATE_COUNTS + 1`. */
  counts(plan: PlannedQuery, segment: Segment): Promise<readonly StateCount[]>;
}

/**
 * Answers a query from samples and levels, as if all samples were there still, and says where nothing is. Throws a StoreQueryError where only
 * samples would do and all of that time are deleted.
 */
export async function readHistory(
  plan: PlannedQuery,
  view: HistoryView,
  reader: SegmentReader,
): Promise<SeriesResult> {
  const { query } = plan;
  const subject = subjectOf(plan);
  const segments = planSegments(query, subject, view);
  const isAsked = query.fromMs < query.toMs && query.toMs > 0;
  if (isAsked && segments.length === 0 && needsSamples(query, subject))
    throw samplesGone(oldestOf(view.standing));
  return {
    ...(plan.states === undefined
      ? await readTiled(plan, segments, reader)
      : assembleShares(await countsOf(plan, segments, reader), plan)),
    ...heldOf(query, segments, view),
  };
}

function samplesGone(rawFromMs: number): StoreQueryError {
  const from = new Date(rawFromMs).toISOString();
  return new StoreQueryError(
    `samples are kept from ${from} on; before it there are mean, min, max, sum and count of numbers and shares of flags and texts, every 1m, 1h or a multiple`,
  );
}

/** Reads the newest first, and no more than is returned. */
async function readTiled(
  plan: PlannedQuery,
  segments: readonly Segment[],
  reader: SegmentReader,
): Promise<SeriesResult> {
  const { everyMs, offsetMs = 0, maxPoints } = plan.query;
  const [only] = segments;
  if (only === undefined) return { series: [], truncated: false };
  if (everyMs === undefined) return assembleSeries(await reader.rows(plan, only), plan);
  let rows: readonly PointRow[] = [];
  for (const tile of tilesOf(segments, everyMs, offsetMs)) {
    if (rows.length > maxPoints) break;
    const more =
      tile.kind === 'whole'
        ? await reader.rows(plan, tile.segment)
        : combineParts(plan, tile.bucket.startMs, await partsOf(plan, tile.bucket, reader));
    rows = rows.concat(more);
  }
  return assembleSeries(rows, plan);
}

/** The newest first, until there are more than can be put together. */
async function countsOf(
  plan: PlannedQuery,
  segments: readonly Segment[],
  reader: SegmentReader,
): Promise<readonly StateCount[]> {
  let counts: readonly StateCount[] = [];
  for (const segment of [...segments].reverse()) {
    if (counts.length > MAX_STATE_COUNTS) break;
    counts = counts.concat(await reader.counts(plan, segment));
  }
  return counts;
}

async function partsOf(
  plan: PlannedQuery,
  { shares }: SplitBucket,
  reader: SegmentReader,
): Promise<readonly SeriesPart[]> {
  const parts: SeriesPart[] = [];
  for (const share of shares) for (const part of await reader.parts(plan, share)) parts.push(part);
  return parts;
}
