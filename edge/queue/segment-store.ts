import type { Logger } from '../../runtime/logger.ts';
import { isDiskFull, type Disk } from './disk.ts';
import type { HeldRecords } from './held-records.ts';
import type { LossReason } from './loss-declarations.ts';
import { encodeRecords, recordBytes, type NewRecord } from './record.ts';
import type { SegmentWriter } from './segment-writer.ts';
import type { Segment } from './segment.ts';

/** 2020-01-01: older timestamps are from a clock that was not set yet, and tell no age. */
const CLOCK_WAS_SET_MS = Date.UTC(2020);

export interface SegmentStoreDeps {
  readonly disk: Disk;
  readonly held: HeldRecords;
  readonly writer: SegmentWriter;
  readonly seed: number;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly segmentBytes: number;
  readonly log: Logger;
  /** `segment` was removed from the index; its file is deleted next. */
  onDropped(segment: Segment, reason: LossReason): Promise<void>;
  /** Segments were delivered as a whole; their files are deleted next. */
  onDelivered(): Promise<void>;
}

/** Keeps the files and the index in step; one call at a time. */
export class SegmentStore {
  readonly #deps: SegmentStoreDeps;
  #isRefusing = false;

  constructor(deps: SegmentStoreDeps) {
    this.#deps = deps;
  }

  /** Drops the oldest segments until `extraBytes` fit and nothing is too old. */
  async keepWithinBounds(extraBytes: number, nowMs: number): Promise<void> {
    const { held, maxBytes, writer } = this.#deps;
    // Oldest first, so the newest segment can only go by age after it was closed.
    if (this.#isTooOld(held.newest, nowMs)) await writer.roll();
    while (this.#isTooOld(held.segments[0], nowMs) && (await this.#dropOldest('queue-age')) > 0);
    while (held.bytes + extraBytes > maxBytes && (await this.#dropOldest('queue-full')) > 0);
  }

  /** Resolves when `records` are durable and indexed. Rejects when they cannot be written. */
  async write(records: readonly NewRecord[]): Promise<void> {
    const first = records[0];
    if (first === undefined) return;
    const bytes = encodeRecords(records, this.#deps.seed);
    const { segment, offset } = await this.#appendSomewhere(bytes, first.seq);
    if (segment !== this.#deps.held.newest) this.#deps.held.push(segment);
    let at = offset;
    for (const record of records) {
      const { seq, isLoss, points, firstMs, lastMs, appendedAtMs } = record;
      const payloadBytes = record.payload.length;
      segment.add({ seq, isLoss, points, firstMs, lastMs, appendedAtMs, bytes: payloadBytes, offset: at });
      at += recordBytes(payloadBytes);
    }
  }

  get hasDelivered(): boolean {
    return this.#deliveredSegments().length > 0;
  }

  /** Deletes segments that were delivered as a whole; never the newest, from which the next seq is read. */
  async removeDelivered(): Promise<void> {
    const { held, disk } = this.#deps;
    const done = this.#deliveredSegments();
    if (done.length === 0) return;
    await this.#deps.onDelivered();
    for (const segment of done) {
      held.remove(segment);
      await this.#removeFile(segment, disk);
    }
  }

  #deliveredSegments(): readonly Segment[] {
    return this.#deps.held.segments.slice(0, -1).filter((segment) => segment.pendingBatches === 0);
  }

  async #appendSomewhere(bytes: Buffer, firstSeq: number): Promise<{ segment: Segment; offset: number }> {
    const { writer, segmentBytes } = this.#deps;
    // Other programs may use up the freed space: one group is not worth the whole backlog.
    const enoughBytes = 2 * bytes.length + segmentBytes;
    let freedBytes = 0;
    for (let attempt = 1; ; attempt++) {
      try {
        const appended = await writer.append(bytes, firstSeq);
        this.#logDiskState(undefined);
        return appended;
      } catch (error) {
        this.#logDiskState(error);
        // The first failure closed the segment; the second attempt goes to a new one.
        if (attempt === 1) continue;
        if (!isDiskFull(error) || freedBytes > enoughBytes) throw error;
        const droppedBytes = await this.#dropOldest('disk-full');
        if (droppedBytes === 0) throw error;
        freedBytes += droppedBytes;
      }
    }
  }

  /** Returns the bytes freed; 0 when only the newest segment is left. */
  async #dropOldest(reason: LossReason): Promise<number> {
    const { held, disk, log } = this.#deps;
    const oldest = held.segments[0];
    if (oldest === undefined || oldest === held.newest) return 0;
    log.warn(
      {
        file: oldest.file,
        reason,
        pendingBatches: oldest.pendingBatches,
        pendingPoints: oldest.pendingPoints,
      },
      'oldest queue segment dropped',
    );
    held.remove(oldest);
    await this.#deps.onDropped(oldest, reason);
    await this.#removeFile(oldest, disk);
    return Math.max(1, oldest.bytes);
  }

  async #removeFile(segment: Segment, disk: Disk): Promise<void> {
    try {
      await disk.remove(segment.file);
    } catch (error) {
      this.#deps.log.warn({ file: segment.file, err: error }, 'queue segment cannot be deleted');
    }
  }

  #isTooOld(segment: Segment | undefined, nowMs: number): boolean {
    const last = segment?.last;
    if (last === undefined || last.appendedAtMs < CLOCK_WAS_SET_MS) return false;
    return nowMs - last.appendedAtMs > this.#deps.maxAgeMs;
  }

  #logDiskState(error: unknown): void {
    const isRefusing = error !== undefined;
    if (isRefusing && !this.#isRefusing)
      this.#deps.log.error({ err: error }, 'queue data cannot be written to disk');
    if (!isRefusing && this.#isRefusing) this.#deps.log.info('queue data can be written to disk again');
    this.#isRefusing = isRefusing;
  }
}
