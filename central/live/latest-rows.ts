import type { FieldValue } from '../../contract/sample.ts';
import type { SampleRow } from '../samples/sample-table.ts';

/** In front of the values of the fields. */
const TIME_AT = 0;
const PACE_AT = 1;
const FIRST_AT = 2;
/** Every number that arrives is finite. */
const [TRUE, FALSE] = [Infinity, -Infinity];
/** Rows of one piece of memory, as a power of two. The first piece grows up to that: many sets of fields have one series. */
const PIECE_BITS = 6;
const PIECE_ROWS = 1 << PIECE_BITS;
/** With one row: a silence, or one row from a wrong time, is no pace. */
const MAX_PACE_GROWTH = 3;

/**
 * The newest row of each series with one set of fields. Numbers and flags stay outside V8's heap, changed in place: they are most of what
 * arrives, and as objects of each series they were a large part of what the garbage collector has to walk over.
 */
export class LatestRows {
  readonly fields: readonly string[];
  readonly #width: number;
  /** Of each row its time, its pace, then the values of the fields. NaN: not available, or neither number nor flag. */
  readonly #pieces: Float64Array[] = [];
  /** Of each field: texts and integers beyond 2^53, by row; undefined: there were none yet. */
  readonly #others: (Map<number, FieldValue> | undefined)[];
  readonly #free: number[] = [];
  #used = 0;

  constructor(fields: readonly string[]) {
    this.fields = fields;
    this.#width = FIRST_AT + fields.length;
    this.#others = fields.map(() => undefined);
  }

  /** The number of a row for one more series; it has no values, and goes on from the time and pace of `before`. */
  add(before?: { readonly timeMs: number; readonly paceMs: number }): number {
    const row = this.#free.pop() ?? this.#used++;
    const piece = this.#pieceFor(row);
    const start = this.#startOf(row);
    piece.fill(NaN, start, start + this.#width);
    piece[start + TIME_AT] = before?.timeMs ?? NaN;
    piece[start + PACE_AT] = before?.paceMs ?? NaN;
    return row;
  }

  /** Another series may have it from now on. */
  remove(row: number): void {
    for (const others of this.#others) others?.delete(row);
    this.#free.push(row);
  }

  timeMsOf(row: number): number {
    return this.#numberAt(row, TIME_AT);
  }

  /** Between two rows, by their own times. One row that comes early shortens it by half only. NaN: there was one row so far. */
  paceMsOf(row: number): number {
    return this.#numberAt(row, PACE_AT);
  }

  /** `values` of these fields. */
  update(row: number, timeMs: number, values: SampleRow['values']): void {
    const piece = this.#pieces[row >> PIECE_BITS];
    if (piece === undefined) return;
    const start = this.#startOf(row);
    const paceMs = piece[start + PACE_AT] ?? NaN;
    piece[start + PACE_AT] = paceAfter(paceMs, timeMs - (piece[start + TIME_AT] ?? NaN));
    piece[start + TIME_AT] = timeMs;
    for (let field = 0, at = start + FIRST_AT; field < this.fields.length; field++, at++) {
      const value = values[field];
      if (typeof value === 'number') piece[at] = value;
      else if (typeof value === 'boolean') piece[at] = value ? TRUE : FALSE;
      else {
        piece[at] = NaN;
        this.#setOther(field, row, value);
      }
    }
  }

  /** undefined: the row has no such field. */
  valueOf(row: number, name: string): FieldValue | undefined {
    const field = this.fields.indexOf(name);
    return field === -1 ? undefined : this.#valueAt(row, field);
  }

  present(row: number): Record<string, FieldValue> {
    const present: Record<string, FieldValue> = {};
    this.fields.forEach((name, field) => {
      const value = this.#valueAt(row, field);
      if (value !== undefined) present[name] = value;
    });
    return present;
  }

  #pieceFor(row: number): Float64Array {
    const index = row >> PIECE_BITS;
    const rows = index === 0 ? 2 ** Math.ceil(Math.log2(row + 1)) : PIECE_ROWS;
    const known = this.#pieces[index];
    if (known !== undefined && known.length >= rows * this.#width) return known;
    const piece = new Float64Array(rows * this.#width);
    if (known !== undefined) piece.set(known);
    this.#pieces[index] = piece;
    return piece;
  }

  #valueAt(row: number, field: number): FieldValue | undefined {
    const number = this.#numberAt(row, FIRST_AT + field);
    if (Number.isNaN(number)) return this.#others[field]?.get(row);
    return Number.isFinite(number) ? number : number === TRUE;
  }

  #numberAt(row: number, column: number): number {
    return this.#pieces[row >> PIECE_BITS]?.[this.#startOf(row) + column] ?? NaN;
  }

  #startOf(row: number): number {
    return (row & (PIECE_ROWS - 1)) * this.#width;
  }

  #setOther(field: number, row: number, value: FieldValue | undefined): void {
    if (value === undefined) {
      this.#others[field]?.delete(row);
      return;
    }
    const others = (this.#others[field] ??= new Map());
    // An equal text is kept, so that the new one is collected young.
    if (others.get(row) !== value) others.set(row, value);
  }
}

/** Pure. A step back follows a row from the future, and tells nothing. */
function paceAfter(paceMs: number, stepMs: number): number {
  if (stepMs < 0) return paceMs;
  const longestMs = paceMs > 0 ? MAX_PACE_GROWTH * paceMs : Infinity;
  return stepMs < paceMs ? (paceMs + stepMs) / 2 : Math.min(stepMs, longestMs);
}
