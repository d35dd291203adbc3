import type { FieldValue } from '../../contract/sample.ts';
import type { SampleRow } from '../samples/sample-table.ts';

/** What the latest rows of one set of fields have in common. */
export class LatestShape {
  readonly fields: readonly string[];
  /** Of each field: where values that are no numbers are kept; undefined: there were none yet. */
  readonly #otherAt: (number | undefined)[];
  /** How many fields had such values. */
  others = 0;

  constructor(fields: readonly string[]) {
    this.fields = fields;
    this.#otherAt = fields.map(() => undefined);
  }

  otherAt(field: number): number | undefined {
    return this.#otherAt[field];
  }

  reserveOther(field: number): number {
    return (this.#otherAt[field] ??= this.others++);
  }
}

/** In front of the values of the fields. */
const TIME_AT = 0;
const PACE_AT = 1;
const FIRST_AT = 2;
/** Every number that arrives is finite. */
const [TRUE, FALSE] = [Infinity, -Infinity];

/**
 * The newest row of one series. Numbers and flags stay in one array for ever, changed in place: they are most of what arrives, and
 * as objects that live for one interval they were a large part of the garbage collector's work. Its times are there too: as fields, V8
 * keeps an object for each of them.
 */
export class LatestValues {
  readonly shape: LatestShape;
  /** Time, pace, then the values of the fields. NaN: not available, or neither number nor flag. */
  readonly #numbers: number[];
  /** Texts and integers beyond 2^53, where the shape says. */
  #others: (FieldValue | undefined)[] | undefined = undefined;

  /** `before`: those that these take the place of. */
  constructor(shape: LatestShape, timeMs: number, values: SampleRow['values'], before?: LatestValues) {
    this.shape = shape;
    this.#numbers = new Array<number>(FIRST_AT + shape.fields.length).fill(NaN);
    this.#numbers[TIME_AT] = before?.timeMs ?? NaN;
    this.#numbers[PACE_AT] = before?.paceMs ?? NaN;
    this.update(timeMs, values);
  }

  get timeMs(): number {
    return this.#numbers[TIME_AT] ?? NaN;
  }

  /** Between two rows, by their own times. One row that comes early shortens it by half only. NaN: there was one row so far. */
  get paceMs(): number {
    return this.#numbers[PACE_AT] ?? NaN;
  }

  /** `values` of the same fields. */
  update(timeMs: number, values: SampleRow['values']): void {
    const numbers = this.#numbers;
    const { paceMs } = this;
    const stepMs = Math.abs(timeMs - this.timeMs);
    numbers[PACE_AT] = stepMs < paceMs ? (paceMs + stepMs) / 2 : stepMs;
    numbers[TIME_AT] = timeMs;
    for (let at = 0; at < numbers.length - FIRST_AT; at++) {
      const value = values[at];
      if (typeof value === 'number') numbers[FIRST_AT + at] = value;
      else if (typeof value === 'boolean') numbers[FIRST_AT + at] = value ? TRUE : FALSE;
      else {
        numbers[FIRST_AT + at] = NaN;
        this.#setOther(at, value);
      }
    }
  }

  /** undefined: the row has no such field. */
  valueOf(name: string): FieldValue | undefined {
    const at = this.shape.fields.indexOf(name);
    return at === -1 ? undefined : this.#valueAt(at);
  }

  present(): Record<string, FieldValue> {
    const present: Record<string, FieldValue> = {};
    this.shape.fields.forEach((name, at) => {
      const value = this.#valueAt(at);
      if (value !== undefined) present[name] = value;
    });
    return present;
  }

  #valueAt(at: number): FieldValue | undefined {
    const number = this.#numbers[FIRST_AT + at] ?? NaN;
    if (Number.isNaN(number)) return this.#others?.[this.shape.otherAt(at) ?? -1];
    return Number.isFinite(number) ? number : number === TRUE;
  }

  #setOther(field: number, value: FieldValue | undefined): void {
    const at = value === undefined ? this.shape.otherAt(field) : this.shape.reserveOther(field);
    if (at === undefined) return;
    const others = this.#othersFor(at);
    // An equal text is kept, so that the new one is collected young.
    if (others[at] !== value) others[at] = value;
  }

  /** No longer than the shape needs: an array that grows by itself has room for 17 values. */
  #othersFor(at: number): (FieldValue | undefined)[] {
    if (this.#others !== undefined && at < this.#others.length) return this.#others;
    const others = new Array<FieldValue | undefined>(this.shape.others).fill(undefined);
    this.#others?.forEach((value, index) => (others[index] = value));
    this.#others = others;
    return others;
  }
}
