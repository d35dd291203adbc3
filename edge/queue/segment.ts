import { join } from 'node:path';
import { recordBytes, type RecordRow } from './record.ts';
import { RecordTable } from './record-table.ts';

/** Inclusive. */
export type SeqRange = readonly [from: number, to: number];

/** A run of pending records without a gap. */
export interface PendingRun {
  readonly from: number;
  readonly to: number;
  readonly points: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

const NAME = /^([a-z0-9]{8})-(\d{16})\.seg$/;

export interface SegmentName {
  readonly name: string;
  readonly epoch: string;
  readonly base: number;
}

export function segmentName(epoch: string, base: number): string {
  return `${epoch}-${String(base).padStart(16, '0')}.seg`;
}

export function parseSegmentName(name: string): SegmentName | undefined {
  const [, epoch, digits] = NAME.exec(name) ?? [];
  const base = Number(digits);
  return epoch === undefined || !Number.isSafeInteger(base) || base < 1 ? undefined : { name, epoch, base };
}

/** Index of one file of the log: where its records are and which are pending. */
export class Segment {
  readonly base: number;
  readonly file: string;
  /** Durable bytes. */
  bytes = 0;
  #pendingBatches = 0;
  #pendingPoints = 0;
  #pendingBytes = 0;
  #firstPending = 0;
  readonly #records = new RecordTable();

  constructor(directory: string, epoch: string, base: number) {
    this.base = base;
    this.file = join(directory, segmentName(epoch, base));
  }

  get recordCount(): number {
    return this.#records.length;
  }

  get pendingBatches(): number {
    return this.#pendingBatches;
  }

  get pendingPoints(): number {
    return this.#pendingPoints;
  }

  /** Of the records that are pending, as they stand on disk. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  get last(): RecordRow | undefined {
    return this.#records.length === 0 ? undefined : this.#records.row(this.#records.length - 1);
  }

  lastBefore(seq: number): RecordRow | undefined {
    const index = this.#records.indexFrom(seq) - 1;
    return index < 0 ? undefined : this.#records.row(index);
  }

  /** The seq of `row` is above all others. */
  add(row: RecordRow): void {
    this.#records.push(row);
    this.#pendingBatches++;
    this.#pendingPoints += row.points;
    this.#pendingBytes += recordBytes(row.bytes);
  }

  /** The record, if it exists and is pending. */
  find(seq: number): RecordRow | undefined {
    const index = this.#records.indexFrom(seq);
    if (index === this.#records.length || this.#records.seqAt(index) !== seq) return undefined;
    return this.#records.isSettled(index) ? undefined : this.#records.row(index);
  }

  firstPending(): RecordRow | undefined {
    for (; this.#firstPending < this.#records.length; this.#firstPending++) {
      if (!this.#records.isSettled(this.#firstPending)) return this.#records.row(this.#firstPending);
    }
    return undefined;
  }

  /** Pending records above `afterSeq`, in order. */
  *pendingAfter(afterSeq: number): Generator<RecordRow, void> {
    if (this.firstPending() === undefined) return;
    const start = Math.max(this.#firstPending, this.#records.indexFrom(afterSeq + 1));
    for (let index = start; index < this.#records.length; index++) {
      if (!this.#records.isSettled(index)) yield this.#records.row(index);
    }
  }

  /** Marks seqs `from`…`to` as no longer pending; returns the records that changed. */
  markSettled(from: number, to: number): readonly RecordRow[] {
    const settled: RecordRow[] = [];
    for (let index = this.#records.indexFrom(from); index < this.#records.length; index++) {
      if (this.#records.seqAt(index) > to) break;
      if (this.#records.isSettled(index)) continue;
      const row = this.#records.row(index);
      this.#records.markSettled(index);
      this.#pendingBatches--;
      this.#pendingPoints -= row.points;
      this.#pendingBytes -= recordBytes(row.bytes);
      settled.push(row);
    }
    return settled;
  }

  pendingRuns(): readonly PendingRun[] {
    const runs: PendingRun[] = [];
    for (const row of this.pendingAfter(0)) {
      const { seq, points, firstMs, lastMs } = row;
      const open = runs.at(-1);
      if (open?.to !== seq - 1) {
        runs.push({ from: seq, to: seq, points, firstMs, lastMs });
        continue;
      }
      runs[runs.length - 1] = {
        from: open.from,
        to: seq,
        points: open.points + points,
        firstMs: Math.min(open.firstMs, firstMs),
        lastMs: Math.max(open.lastMs, lastMs),
      };
    }
    return runs;
  }

  /** Seqs of `from`…`to` without a record in this segment, pending or settled. */
  missingIn(from: number, to: number): readonly SeqRange[] {
    const missing: SeqRange[] = [];
    let next = from;
    for (let index = this.#records.indexFrom(from); index < this.#records.length; index++) {
      const seq = this.#records.seqAt(index);
      if (seq > to) break;
      if (seq > next) missing.push([next, seq - 1]);
      next = seq + 1;
    }
    if (next <= to) missing.push([next, to]);
    return missing;
  }
}
