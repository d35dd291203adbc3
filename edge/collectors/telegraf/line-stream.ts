import { LineReader, MAX_POINT_BYTES, type BadLine, type ParsedLines, type Point } from './parse-lines.ts';

const NEWLINE = 0x0a;

/** Line protocol in chunks, split anywhere. Buffers at most one incomplete line. */
export class LineStream {
  #rest: Uint8Array = new Uint8Array();
  #line = 1;
  /** Skipping the rest of a line that was too long. */
  #isSkipping = false;

  push(chunk: Uint8Array): ParsedLines {
    const bytes = Buffer.concat([this.#rest, this.#isSkipping ? this.#afterLine(chunk) : chunk]);
    const whole = this.#read(bytes, true);
    if (this.#rest.length <= MAX_POINT_BYTES) return whole;
    // Either a line is too long, or a quote is missing and the rest looks like a text: refuse one line.
    const end = Buffer.from(this.#rest).lastIndexOf(NEWLINE) + 1;
    const tail = this.#rest.subarray(end);
    const forced = this.#read(this.#rest.subarray(0, end), false);
    this.#rest = tail;
    return join(whole, forced, this.#refuseTail());
  }

  /** The last line, if the sender omitted the final line break. */
  end(): ParsedLines {
    return this.#read(this.#rest, false);
  }

  #read(bytes: Uint8Array, hasMore: boolean): ParsedLines {
    const reader = new LineReader(bytes, { firstLine: this.#line, hasMore });
    while (reader.readNext());
    this.#line = reader.line;
    this.#rest = bytes.subarray(reader.at);
    return reader;
  }

  #refuseTail(): readonly BadLine[] {
    if (this.#rest.length <= MAX_POINT_BYTES) return [];
    this.#rest = new Uint8Array();
    this.#isSkipping = true;
    return [{ line: this.#line, column: 1, reason: `longer than ${MAX_POINT_BYTES} bytes` }];
  }

  #afterLine(chunk: Uint8Array): Uint8Array {
    const end = chunk.indexOf(NEWLINE);
    if (end < 0) return new Uint8Array();
    this.#isSkipping = false;
    this.#line++;
    return chunk.subarray(end + 1);
  }
}

function join(first: ParsedLines, second: ParsedLines, badLines: readonly BadLine[]): ParsedLines {
  const points: readonly Point[] = [...first.points, ...second.points];
  return { points, badLines: [...first.badLines, ...second.badLines, ...badLines] };
}
