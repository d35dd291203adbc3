import type { PreparedBatch, RowDescription, StoreRejection } from '../sample-store.ts';
import type { SampleBatch } from '../../samples/sample-table.ts';

/** One line, for the search after InfluxDB refused some. */
export interface Line {
  readonly text: string;
  readonly measurement: string;
  readonly batch: PreparedLines;
  /** Of the batch, through all its tables. */
  readonly row: number;
}

interface Written {
  readonly measurement: string;
  readonly row: number;
  readonly values: number;
  /** Where its line ends in the text, in UTF-16 units. */
  readonly end: number;
}

/** Collects the lines of one batch. */
export class LineCollector {
  readonly #batch: SampleBatch;
  readonly #rejections: StoreRejection[] = [];
  readonly #refused = new Map<number, RowDescription>();
  readonly #written: number[] = [];
  readonly #measurements: (readonly [measurement: string, lines: number])[] = [];
  #text = '';
  #row = 0;

  constructor(batch: SampleBatch) {
    this.#batch = batch;
  }

  add(line: string, values: number): void {
    this.#text += line;
    this.#written.push(this.#row++, values, this.#text.length);
  }

  refuse(reason: string, description: RowDescription): void {
    const { agent, epoch, seq } = this.#batch;
    this.#refused.set(this.#row, description);
    this.#rejections.push({ agent, epoch, seq, row: this.#row++, reason });
  }

  endTable(measurement: string): void {
    this.#measurements.push([measurement, this.#written.length / NUMBERS_A_LINE]);
  }

  finish(): PreparedLines {
    return new PreparedLines({
      ...this.#batch,
      text: Buffer.from(this.#text),
      written: Uint32Array.from(this.#written),
      measurements: this.#measurements,
      rejections: this.#rejections,
      refused: this.#refused,
    });
  }
}

/** Row, number of values, end of the line. */
const NUMBERS_A_LINE = 3;
const OVERHEAD_BYTES = 512;

interface Parts {
  readonly agent: string;
  readonly epoch: string;
  readonly seq: number;
  /** Lines, each with its line break. */
  readonly text: Buffer;
  readonly written: Uint32Array;
  /** Each with the number of lines up to its end. */
  readonly measurements: readonly (readonly [measurement: string, lines: number])[];
  readonly rejections: readonly StoreRejection[];
  readonly refused: ReadonlyMap<number, RowDescription>;
}

/** A batch as line protocol: bytes outside the heap, where they cost the garbage collector nothing. */
export class PreparedLines implements PreparedBatch {
  readonly agent: string;
  readonly epoch: string;
  readonly seq: number;
  readonly text: Buffer;
  /** Rows that no store can hold. */
  readonly rejections: readonly StoreRejection[];
  readonly #written: Uint32Array;
  readonly #measurements: Parts['measurements'];
  readonly #refused: Parts['refused'];

  constructor({ agent, epoch, seq, text, written, measurements, rejections, refused }: Parts) {
    this.agent = agent;
    this.epoch = epoch;
    this.seq = seq;
    this.text = text;
    this.rejections = rejections;
    this.#written = written;
    this.#measurements = measurements;
    this.#refused = refused;
  }

  get bytes(): number {
    return this.text.length + this.#written.byteLength + OVERHEAD_BYTES;
  }

  get lineCount(): number {
    return this.#written.length / NUMBERS_A_LINE;
  }

  lines(): Line[] {
    const text = this.text.toString();
    let start = 0;
    return this.#all().map(({ measurement, row, end }) => {
      const line = text.slice(start, end);
      start = end;
      return { text: line, measurement, row, batch: this };
    });
  }

  describe(row: number): RowDescription {
    const refused = this.#refused.get(row);
    if (refused !== undefined) return refused;
    const at = this.#all().findIndex((written) => written.row === row);
    const line = this.lines()[at];
    if (line === undefined) return { measurement: '', raw: undefined, values: 0 };
    const values = this.#written[at * NUMBERS_A_LINE + 1] ?? 0;
    return { measurement: line.measurement, raw: { line: line.text.trimEnd() }, values };
  }

  #all(): Written[] {
    return Array.from({ length: this.lineCount }, (_, line) => {
      const [row = 0, values = 0, end = 0] = this.#written.subarray(line * NUMBERS_A_LINE);
      const measurement = this.#measurements.find(([, lines]) => line < lines)?.[0] ?? '';
      return { measurement, row, values, end };
    });
  }
}
