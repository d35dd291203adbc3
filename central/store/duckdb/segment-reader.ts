import type { DuckDBConnection } from '@duckdb/node-api';
import type { SegmentReader } from '../history/tiled-query.ts';
import { readParts, readRows } from './query.ts';
import { readCounts } from './state-counts.ts';

export function segmentReader(connection: DuckDBConnection): SegmentReader {
  return {
    rows: (plan, segment) => readRows(connection, plan, segment),
    parts: (plan, segment) => readParts(connection, plan, segment),
    counts: (plan, segment) => readCounts(connection, plan, segment),
  };
}
