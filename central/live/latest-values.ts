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

/**
 * The newest row of one series. Numbers stay in one array for ever, changed in place: they are most of what arrives, and
 * as objects that live for one interval they were a large part of the garbage collector's work.
 */
export class LatestValues {
  readonly shape: LatestShape;
  // Begins as a double: V8 then changes it in place, too.
  timeMs = NaN;
  /** Between two rows, by their own times. One row that comes early shortens it by half only. NaN: there was one row so far. */
  paceMs = NaN;
  /** NaN: not a number, or not available. */
  readonly #numbers: number[];
  /** Texts, flags and integers beyond 2^53, where the shape says. */
  #others: (FieldValue | undefined)[] | undefined = undefined;

  /** `before`: those that these take the place of. */
  constructor(shape: LatestShape, timeMs: number, values: SampleRow['values'], before?: LatestValues) {
    this.shape = shape;
    this.timeMs = before?.timeMs ?? NaN;
    this.paceMs = before?.paceMs ?? NaN;
    this.#numbers = new Array<number>(shape.fields.length).fill(NaN);
    this.update(timeMs, values);
  }

  /** `values` of the same fields. */
  update(timeMs: number, values: SampleRow['values']): void {
    const stepMs = Math.abs(timeMs - this.timeMs);
    this.paceMs = stepMs < this.paceMs ? (this.paceMs + stepMs) / 2 : stepMs;
    this.timeMs = timeMs;
    const numbers = this.#numbers;
    for (let at = 0; at < numbers.length; at++) {
      const value = values[at];
      if (typeof value === 'number') numbers[at] = value;
      else {
        numbers[at] = NaN;
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
    const number = this.#numbers[at] ?? NaN;
    return Number.isNaN(number) ? this.#others?.[this.shape.otherAt(at) ?? -1] : number;
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
