import type { Source } from './known-columns.ts';
import type { SegmentReader } from '../history/tiled-query.ts';
import { readParts, readRows } from './query.ts';
import { readCounts } from './state-counts.ts';

export function segmentReader(source: Source): SegmentReader {
  return {
    rows: (plan, segment) => readRows(source, plan, segment),
    parts: (plan, segment) => readParts(source, plan, segment),
    counts: (plan, segment) => readCounts(source, plan, segment),
  };
}
