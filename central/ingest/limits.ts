import type { FlowLimits } from './flow/flow-control.ts';
import type { WriterLimits } from './commit/store-writer.ts';

export interface IngestLimits extends FlowLimits, WriterLimits {
  /** Raw messages not looked at yet. */
  readonly messageQueueMaxBytes: number;
  /** Checked batches not stored yet. */
  readonly bufferMaxBytes: number;
  readonly maxAgents: number;
  /** How long a hole may wait for its explanation before it is confirmed missing. */
  readonly missingGraceMs: number;
  /** Retained messages may be lost with a broker's restart: they are published again this often. */
  readonly republishMs: number;
  readonly stopTimeoutMs: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_INGEST_LIMITS: IngestLimits = {
  messageQueueMaxBytes: 16 * MIB,
  bufferMaxBytes: 64 * MIB,
  maxAgents: 20_000,
  writesAtOnce: 2,
  writeTimeoutMs: 30_000,
  retryBaseMs: 1_000,
  retryCapMs: 30_000,
  liveOnlyAfterMs: 0,
  holdAfterMs: 10_000,
  backfillBatchesPerS: 400,
  maxWindow: 8,
  missingGraceMs: 60_000,
  republishMs: 60_000,
  stopTimeoutMs: 3_000,
};
