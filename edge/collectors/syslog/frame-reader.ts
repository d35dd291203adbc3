/** A message with its frame: twice what is looked at, so that a long one costs only its end. */
export const MAX_FRAME_BYTES = 16_384;
const MAX_LENGTH_DIGITS = 5;
const [LINE_FEED, SPACE, ZERO, NINE] = [0x0a, 0x20, 0x30, 0x39];

/**
 * Messages in a stream (RFC 6587): counted (`11 <34>1 - - …`) or ended by a line feed, each told by its first byte. Linear,
 * and at most one message is kept.
 */
export class FrameReader {
  /** Its first #length bytes are what is kept. */
  #kept = Buffer.alloc(0);
  #length = 0;
  /** Of #kept, how far no end was found. */
  #searched = 0;
  /** In the rest of a line that is too long. */
  #isSkipping = false;
  /** Why the stream cannot be read any more. */
  #problem: string | undefined;

  get problem(): string | undefined {
    return this.#problem;
  }

  /** Whole messages; an empty one stands for a line that was too long. */
  push(chunk: Buffer): readonly Buffer[] {
    const frames: Buffer[] = [];
    for (let at = 0; at < chunk.length && this.#problem === undefined; at += MAX_FRAME_BYTES) {
      this.#keep(chunk.subarray(at, at + MAX_FRAME_BYTES));
      this.#readAll(frames);
    }
    return frames;
  }

  /** The last line, if the sender closed the connection without a line feed. */
  end(): readonly Buffer[] {
    const rest = Buffer.from(this.#kept.subarray(0, this.#length));
    this.#length = 0;
    return rest.length === 0 || isDigit(rest[0]) || this.#isSkipping ? [] : [rest];
  }

  #keep(part: Buffer): void {
    const needed = this.#length + part.length;
    if (needed > this.#kept.length) {
      const larger = Buffer.alloc(Math.max(needed, 2 * this.#kept.length));
      this.#kept.copy(larger, 0, 0, this.#length);
      this.#kept = larger;
    }
    part.copy(this.#kept, this.#length);
    this.#length = needed;
  }

  #readAll(frames: Buffer[]): void {
    let at = 0;
    for (let found = this.#next(at); found !== undefined; found = this.#next(at)) {
      at = found.next;
      // A copy: what is kept moves to the front.
      if (found.frame !== undefined) frames.push(Buffer.from(found.frame));
    }
    this.#searched = Math.max(0, this.#searched - at);
    this.#kept.copyWithin(0, at, this.#length);
    this.#length -= at;
    // Connections are quiet most of the time: nothing is held for them then.
    if (this.#length === 0) this.#kept = Buffer.alloc(0);
  }

  /** undefined: not whole yet, or the stream is broken. */
  #next(from: number): { readonly frame: Buffer | undefined; readonly next: number } | undefined {
    if (from >= this.#length) return undefined;
    if (isDigit(this.#kept[from]) && !this.#isSkipping) return this.#counted(from);
    const kept = this.#kept.subarray(0, this.#length);
    const end = kept.indexOf(LINE_FEED, Math.max(from, this.#searched));
    const wasSkipping = this.#isSkipping;
    if (end >= 0) {
      this.#isSkipping = false;
      const isLine = !wasSkipping && end > from;
      return { frame: isLine ? kept.subarray(from, end) : undefined, next: end + 1 };
    }
    this.#searched = this.#length;
    if (this.#length - from <= MAX_FRAME_BYTES && !wasSkipping) return undefined;
    this.#isSkipping = true;
    return { frame: wasSkipping ? undefined : Buffer.alloc(0), next: this.#length };
  }

  #counted(from: number): { readonly frame: Buffer; readonly next: number } | undefined {
    let length = 0;
    for (let at = from; at < this.#length; at++) {
      const byte = this.#kept[at];
      if (isDigit(byte) && at - from < MAX_LENGTH_DIGITS) {
        length = 10 * length + (byte ?? ZERO) - ZERO;
        continue;
      }
      const isLength = byte === SPACE && length > 0;
      if (!isLength || length > MAX_FRAME_BYTES) {
        this.#problem = isLength
          ? `a message of ${length} bytes, expected at most ${MAX_FRAME_BYTES}`
          : 'neither a length nor a priority where a message should begin';
        return undefined;
      }
      const next = at + 1 + length;
      return next > this.#length ? undefined : { frame: this.#kept.subarray(at + 1, next), next };
    }
    return undefined;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
