import type { RecordRow } from './record.ts';

const CELLS = 8;
const SETTLED = 2;

/** Index of one segment, 64 bytes a record: a full queue of small batches has a million records. */
export class RecordTable {
  #cells = new Float64Array(CELLS * 4);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(row: RecordRow): void {
    const at = this.#length * CELLS;
    if (at === this.#cells.length) {
      const grown = new Float64Array(at * 2);
      grown.set(this.#cells);
      this.#cells = grown;
    }
    const cells = this.#cells;
    cells[at] = row.seq;
    cells[at + 1] = row.offset;
    cells[at + 2] = row.bytes;
    cells[at + 3] = row.points;
    cells[at + 4] = row.firstMs;
    cells[at + 5] = row.lastMs;
    cells[at + 6] = row.appendedAtMs;
    cells[at + 7] = row.isLoss ? 1 : 0;
    this.#length++;
  }

  row(index: number): RecordRow {
    return {
      seq: this.#cell(index, 0),
      offset: this.#cell(index, 1),
      bytes: this.#cell(index, 2),
      points: this.#cell(index, 3),
      firstMs: this.#cell(index, 4),
      lastMs: this.#cell(index, 5),
      appendedAtMs: this.#cell(index, 6),
      isLoss: (this.#cell(index, 7) & 1) === 1,
    };
  }

  seqAt(index: number): number {
    return this.#cell(index, 0);
  }

  isSettled(index: number): boolean {
    return (this.#cell(index, 7) & SETTLED) !== 0;
  }

  markSettled(index: number): void {
    this.#cells[index * CELLS + 7] = this.#cell(index, 7) | SETTLED;
  }

  /** Index of the first record whose seq is `seq` or above; `length` when there is none. */
  indexFrom(seq: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.seqAt(middle) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #cell(index: number, cell: number): number {
    return this.#cells[index * CELLS + cell] ?? 0;
  }
}
