import { refusedBytes } from '../refused-bytes.ts';
import type { PreparedBatch, RowDescription, StoreRejection } from '../sample-store.ts';

/** That an agent has rows in an hour. */
export interface AgentHour {
  /** Value of the tag `agent`; empty: there is none. */
  readonly agent: string;
  readonly hourMs: number;
  /** Of its rows in this hour. */
  newestMs: number;
}

/** One line, for the search after InfluxDB refused some. */
export interface Line {
  readonly text: Buffer;
  readonly measurement: string;
  readonly batch: PreparedLines;
  /** Of the batch, through all its tables. */
  readonly row: number;
}

/** Of each line: its row, its number of values, and where it ends. */
export const NUMBERS_A_LINE = 3;
const OVERHEAD_BYTES = 512;

interface Parts {
  readonly agent: string;
  readonly epoch: string;
  readonly seq: number;
  /** Lines, each with its line break. */
  readonly text: Buffer;
  readonly lineNumbers: Uint32Array;
  readonly rejections: readonly StoreRejection[];
  readonly hours: readonly AgentHour[];
  /** The rows of `rejections`. */
  readonly refused: ReadonlyMap<number, RowDescription> | undefined;
}

/** A batch as line protocol: bytes outside the heap, where they cost the garbage collector nothing. */
export class PreparedLines implements PreparedBatch {
  readonly agent: string;
  readonly epoch: string;
  readonly seq: number;
  readonly text: Buffer;
  readonly hours: readonly AgentHour[];
  /** Rows that no store can hold. */
  readonly rejections: readonly StoreRejection[];
  readonly #lineNumbers: Uint32Array;
  readonly #refused: Parts['refused'];

  constructor({ agent, epoch, seq, text, lineNumbers, hours, rejections, refused }: Parts) {
    this.agent = agent;
    this.epoch = epoch;
    this.seq = seq;
    this.text = text;
    this.hours = hours;
    this.rejections = rejections;
    this.#lineNumbers = lineNumbers;
    this.#refused = refused;
  }

  get bytes(): number {
    return this.text.length + this.#lineNumbers.byteLength + OVERHEAD_BYTES + refusedBytes(this.rejections);
  }

  get lineCount(): number {
    return this.#lineNumbers.length / NUMBERS_A_LINE;
  }

  lines(): Line[] {
    return Array.from({ length: this.lineCount }, (_, at) => this.#line(at));
  }

  describe(row: number): RowDescription {
    const refused = this.#refused?.get(row);
    if (refused !== undefined) return refused;
    const at = this.#lineOf(row);
    if (at === undefined) return { measurement: '', raw: undefined, values: 0 };
    const { measurement, text } = this.#line(at);
    const values = this.#numberAt(at, 1);
    return { measurement, raw: { line: text.toString().slice(0, -1) }, values };
  }

  #line(at: number): Line {
    const start = at === 0 ? 0 : this.#numberAt(at - 1, 2);
    const text = this.text.subarray(start, this.#numberAt(at, 2));
    return { text, measurement: measurementOf(text.toString()), row: this.#numberAt(at, 0), batch: this };
  }

  /** Rows ascend. */
  #lineOf(row: number): number | undefined {
    let [low, high] = [0, this.lineCount - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#numberAt(middle, 0);
      if (found === row) return middle;
      if (found < row) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  #numberAt(line: number, number: 0 | 1 | 2): number {
    return this.#lineNumbers[line * NUMBERS_A_LINE + number] ?? 0;
  }
}

/** What stands before the first comma or space that is not escaped. */
function measurementOf(line: string): string {
  const name = /^(?:\\[ ,]|[^ ,])*/.exec(line)?.[0] ?? '';
  return name.replace(/\\([ ,])/g, '$1');
}
