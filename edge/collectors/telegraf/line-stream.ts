import { LineReader, MAX_POINT_BYTES, type BadLine, type ParsedLines, type Point } from './parse-lines.ts';

const NEWLINE = 0x0a;

/** Line protocol that comes in pieces, cut anywhere. Keeps no more than one line that is not whole yet. */
export class LineStream {
  #rest: Uint8Array = new Uint8Array();
  #line = 1;
  /** The rest of a line that was too long is passed over. */
  #isSkipping = false;

  push(chunk: Uint8Array): ParsedLines {
    const bytes = Buffer.concat([this.#rest, this.#isSkipping ? this.#afterLine(chunk) : chunk]);
    const whole = this.#read(bytes, true);
    if (this.#rest.length <= MAX_POINT_BYTES) return whole;
    // Either a line is too long, or a quote is missing and what follows looks like a text: that costs one line.
    const end = Buffer.from(this.#rest).lastIndexOf(NEWLINE) + 1;
    const tail = this.#rest.subarray(end);
    const forced = this.#read(this.#rest.subarray(0, end), false);
    this.#rest = tail;
    return join(whole, forced, this.#refuseTail());
  }

  /** What came last, where the sender left out the final line break. */
  end(): ParsedLines {
    return this.#read(this.#rest, false);
  }

  #read(bytes: Uint8Array, goesOn: boolean): ParsedLines {
    const reader = new LineReader(bytes, { firstLine: this.#line, goesOn });
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
