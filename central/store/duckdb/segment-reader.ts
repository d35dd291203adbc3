import type { SegmentReader } from '../history/tiled-query.ts';
import { readParts, readRows, type Source } from './query.ts';
import { readCounts } from './state-counts.ts';

export function segmentReader(source: Source): SegmentReader {
  return {
    rows: (plan, segment) => readRows(source, plan, segment),
    parts: (plan, segment) => readParts(source, plan, segment),
    counts: (plan, segment) => readCounts(source, plan, segment),
  };
}
