import { setImmediate } from 'node:timers/promises';
import { LineError, LineScanner, type ByteText } from './line-scanner.ts';
import type { LineValue } from './line-value.ts';

/** A point of InfluxDB line protocol, as it was written. */
export interface Point {
  readonly measurement: string;
  readonly tags: ReadonlyMap<string, string>;
  /** In the order written. Of a repeated key the last one counts. */
  readonly fields: readonly (readonly [string, LineValue])[];
  /** In the sender's unit of time; undefined: none was given. */
  readonly time: bigint | undefined;
  /** Number of its first line, from 1. */
  readonly line: number;
}

export interface BadLine {
  /** From 1. */
  readonly line: number;
  /** In bytes, from 1. */
  readonly column: number;
  readonly reason: string;
}

export interface ParsedLines {
  readonly points: readonly Point[];
  readonly badLines: readonly BadLine[];
}

/** Limit of one point; a text in it may contain line breaks. */
export const MAX_POINT_BYTES = 64 * 1024;

/**
 * Parses InfluxDB line protocol as its reference implementation does. A malformed line is refused alone, and parsing
 * continues with the next. Pure; never throws.
 */
export function parseLines(bytes: Uint8Array): ParsedLines {
  const reader = new LineReader(bytes);
  while (reader.readNext());
  return reader;
}

const LINES_A_TURN = 500;

/** As parseLines(), and lets the rest of the program run in between. Ends early when `isEnough` says so. */
export async function parseLinesInTurns(
  bytes: Uint8Array,
  isEnough: (parsed: ParsedLines) => boolean,
): Promise<ParsedLines> {
  const reader = new LineReader(bytes);
  for (let lines = 1; reader.readNext() && !isEnough(reader); lines++) {
    if (lines % LINES_A_TURN === 0) await setImmediate();
  }
  return reader;
}

export interface ReaderOptions {
  /** Number of the first line. */
  readonly firstLine?: number;
  /** More may follow: an incomplete last line is not parsed, and `at` stays before it. */
  readonly hasMore?: boolean;
}

/** Parses line by line; `at` is the start of the next one. */
export class LineReader implements ParsedLines {
  readonly points: Point[] = [];
  readonly badLines: BadLine[] = [];
  readonly #text: ByteText;
  readonly #hasMore: boolean;
  line: number;
  at = 0;

  constructor(bytes: Uint8Array, { firstLine = 1, hasMore = false }: ReaderOptions = {}) {
    this.#text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    this.line = firstLine;
    this.#hasMore = hasMore;
  }

  /** False: there is no further line. */
  readNext(): boolean {
    this.#goTo(this.#endOfBlank());
    if (this.at === this.#text.length) return false;
    const scanner = new LineScanner(this.#text, this.at);
    try {
      const point = scanner.skipComment() ? undefined : this.#readPoint(scanner);
      if (this.#hasMore && scanner.isAtEnd && !this.#text.endsWith('\n')) return false;
      if (point !== undefined) this.points.push(point);
      this.#goTo(scanner.at);
      return true;
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      return this.#refuse(error);
    }
  }

  #readPoint(scanner: LineScanner): Point {
    const start = this.at;
    const point = {
      measurement: scanner.measurement(),
      tags: scanner.tags(),
      fields: scanner.fields(),
      time: scanner.time(),
      line: this.line,
    };
    if (scanner.at - start > MAX_POINT_BYTES)
      throw new LineError(start, `longer than ${MAX_POINT_BYTES} bytes`);
    return point;
  }

  /** Refuses only the first line: a missing quote must not take the following lines with it. */
  #refuse(error: LineError): boolean {
    const end = this.#text.indexOf('\n', this.at);
    if (this.#hasMore && (end < 0 || error.at === this.#text.length)) return false;
    const lineStart = this.#text.lastIndexOf('\n', this.at) + 1;
    const column = Math.max(1, error.at - lineStart + 1);
    this.badLines.push({ line: this.line, column, reason: error.message });
    this.#goTo(end < 0 ? this.#text.length : end + 1);
    return true;
  }

  #goTo(at: number): void {
    for (
      let end = this.#text.indexOf('\n', this.at);
      end >= 0 && end < at;
      end = this.#text.indexOf('\n', end + 1)
    ) {
      this.line++;
    }
    this.at = at;
  }

  /** Not by a pattern: it would need stack for each line. */
  #endOfBlank(): number {
    const text = this.#text;
    for (let at = this.at; ; at++) {
      const isBlank = text[at] === ' ' || text[at] === '\n' || (text[at] === '\r' && text[at + 1] === '\n');
      if (!isBlank) return at;
    }
  }
}
