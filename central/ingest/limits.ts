import type { FlowLimits } from './flow/flow-control.ts';
import type { WriterLimits } from './commit/store-writer.ts';
import type { JudgedLimits } from './receive/judged-batches.ts';
import type { MessageQueueLimits } from './receive/message-queue.ts';

export interface IngestLimits extends FlowLimits, WriterLimits, JudgedLimits, MessageQueueLimits {
  /** Validated batches that are not stored yet. */
  readonly bufferMaxBytes: number;
  readonly maxAgents: number;
  /** How long a gap may wait for a declaration of loss before its batches count as missing. */
  readonly missingGraceMs: number;
  /** A broker may lose retained messages when it restarts: they are published again this often. */
  readonly republishMs: number;
  readonly stopTimeoutMs: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_INGEST_LIMITS: IngestLimits = {
  messageQueueMaxBytes: 16 * MIB,
  waitingPerSender: 32,
  bufferMaxBytes: 64 * MIB,
  maxJudgedRanges: 100_000,
  maxJudgedRangesPerAgent: 200,
  maxAgents: 20_000,
  writesAtOnce: 2,
  writeTimeoutMs: 30_000,
  retryBaseMs: 1_000,
  retryCapMs: 30_000,
  backfillBatchesPerS: 400,
  maxWindow: 8,
  missingGraceMs: 60_000,
  republishMs: 60_000,
  stopTimeoutMs: 3_000,
};
