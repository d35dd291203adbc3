import type { FieldValue } from '../../contract/sample.ts';
import type { SampleRow } from '../samples/sample-table.ts';

/**
 * The newest row of one series. Numbers stay in one array for ever, changed in place: they are most of what arrives, and
 * as objects that live for one interval they were a large part of the garbage collector's work.
 */
export class LatestValues {
  readonly fields: readonly string[];
  timeMs: number;
  /** NaN: not a number, or not available. */
  readonly #numbers: number[];
  /** Texts, flags and integers beyond 2^53; undefined: the series never had any. */
  #others: (FieldValue | undefined)[] | undefined;

  constructor(fields: readonly string[], timeMs: number, values: SampleRow['values']) {
    this.fields = fields;
    this.timeMs = timeMs;
    this.#numbers = new Array<number>(fields.length).fill(NaN);
    this.#others = undefined;
    this.update(timeMs, values);
  }

  /** `values` of the same fields. */
  update(timeMs: number, values: SampleRow['values']): void {
    this.timeMs = timeMs;
    const numbers = this.#numbers;
    for (let at = 0; at < numbers.length; at++) {
      const value = values[at];
      if (typeof value === 'number') {
        numbers[at] = value;
        if (this.#others?.[at] !== undefined) this.#others[at] = undefined;
      } else {
        numbers[at] = NaN;
        this.#setOther(at, value);
      }
    }
  }

  present(): Record<string, FieldValue> {
    const present: Record<string, FieldValue> = {};
    this.fields.forEach((name, at) => {
      const number = this.#numbers[at] ?? NaN;
      const value = Number.isNaN(number) ? this.#others?.[at] : number;
      if (value !== undefined) present[name] = value;
    });
    return present;
  }

  #setOther(at: number, value: FieldValue | undefined): void {
    if (value === undefined && this.#others === undefined) return;
    this.#others ??= new Array<FieldValue | undefined>(this.fields.length).fill(undefined);
    // An equal text is kept, so that the new one is collected young.
    if (this.#others[at] !== value) this.#others[at] = value;
  }
}
