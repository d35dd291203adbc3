import type { QueueEntry } from './queue.ts';
import type { RecordRow } from './record.ts';
import type { Segment, SeqRange } from './segment.ts';

/** Index of all segments in order, in memory only. */
export class HeldRecords {
  readonly #segments: Segment[] = [];

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  get newest(): Segment | undefined {
    return this.#segments.at(-1);
  }

  /** On disk, with what is settled and not deleted yet. */
  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  get pendingBatches(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.pendingBatches, 0);
  }

  get pendingBytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.pendingBytes, 0);
  }

  get pendingPoints(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.pendingPoints, 0);
  }

  /** `segment` starts above all others; it replaces an empty one of the same base. */
  push(segment: Segment): void {
    if (this.newest?.base === segment.base) this.#segments.pop();
    this.#segments.push(segment);
  }

  remove(segment: Segment): void {
    const index = this.#segments.indexOf(segment);
    if (index >= 0) this.#segments.splice(index, 1);
  }

  segmentOf(seq: number): Segment | undefined {
    return this.#segments.findLast((segment) => segment.base <= seq);
  }

  firstPending(): RecordRow | undefined {
    return this.#segments.find((segment) => segment.pendingBatches > 0)?.firstPending();
  }

  pending(afterSeq: number, limit: number): readonly QueueEntry[] {
    const entries: QueueEntry[] = [];
    const first = Math.max(
      0,
      this.#segments.findLastIndex((segment) => segment.base <= afterSeq),
    );
    for (let index = first; index < this.#segments.length; index++) {
      for (const row of this.#segments[index]?.pendingAfter(afterSeq) ?? []) {
        if (entries.length >= limit) return entries;
        entries.push(toEntry(row));
      }
    }
    return entries;
  }

  /** Returns the records that just became settled; seqs without a record are ignored. */
  markSettled(from: number, to: number): readonly RecordRow[] {
    return this.#segments
      .filter((segment) => segment.pendingBatches > 0 && segment.base <= to)
      .flatMap((segment) => segment.markSettled(from, to));
  }

  pendingRanges(): readonly SeqRange[] {
    const ranges: [number, number][] = [];
    for (const { from, to } of this.#segments.flatMap((segment) => segment.pendingRuns())) {
      const last = ranges.at(-1);
      if (last !== undefined && last[1] === from - 1) last[1] = to;
      else ranges.push([from, to]);
    }
    return ranges;
  }

  /** Seqs of `from`…`to` without a record in any segment, pending or settled. */
  missingIn(from: number, to: number): readonly SeqRange[] {
    let missing: readonly SeqRange[] = from > to ? [] : [[from, to]];
    for (const segment of this.#segments) {
      missing = missing.flatMap(([start, end]) => segment.missingIn(start, end));
    }
    return missing;
  }
}

function toEntry(row: RecordRow): QueueEntry {
  const { seq, points, firstMs, lastMs, appendedAtMs, bytes } = row;
  return { seq, points, firstMs, lastMs, appendedAtMs, bytes };
}
