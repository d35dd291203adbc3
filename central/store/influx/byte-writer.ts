const DIGIT_0 = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;
const MAX_DECIMALS = 3;
const MAX_INT_DIGITS = 10;
const MAX_NUMBER_CHARS = 32;
/** UTF-8 takes at most three bytes for each UTF-16 unit. */
const BYTES_A_CHAR = 3;

/** Writes text and numbers as UTF-8 into one buffer that is used again and again: nothing is left to collect. */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(initialBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(initialBytes);
  }

  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#length = 0;
  }

  /** Takes back what was written after `length` was this. */
  cutTo(length: number): void {
    this.#length = length;
  }

  /** A copy of what was written. */
  copy(): Buffer {
    const copy = Buffer.allocUnsafeSlow(this.#length);
    this.#bytes.copy(copy, 0, 0, this.#length);
    return copy;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  bytes(values: Uint8Array): void {
    this.#reserve(values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
  }

  text(text: string): void {
    this.#reserve(text.length * BYTES_A_CHAR);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** As `String(value)` writes it. */
  number(value: number): void {
    if ((value | 0) === value) {
      this.#int(value);
      return;
    }
    const thousandths = Math.round(value * 1_000);
    // A decimal of at most 15 digits that is the nearest to a number is also the shortest for it.
    if ((thousandths | 0) === thousandths && thousandths / 1_000 === value) this.#thousandths(thousandths);
    else this.#ascii(String(value));
  }

  #int(value: number): void {
    this.#reserve(MAX_INT_DIGITS + 1);
    const bytes = this.#bytes;
    if (value < 0) bytes[this.#length++] = MINUS;
    let rest = value;
    let end = this.#length + digitsOf(value);
    this.#length = end;
    do {
      const next = (rest / 10) | 0;
      bytes[--end] = DIGIT_0 + Math.abs(rest - next * 10);
      rest = next;
    } while (rest !== 0);
  }

  #thousandths(value: number): void {
    const whole = (value / 1_000) | 0;
    if (value < 0 && whole === 0) this.byte(MINUS);
    this.#int(whole);
    this.#reserve(MAX_DECIMALS + 1);
    this.#bytes[this.#length++] = POINT;
    for (let rest = Math.abs(value - whole * 1_000), unit = 100; rest > 0; unit /= 10) {
      const digit = (rest / unit) | 0;
      this.#bytes[this.#length++] = DIGIT_0 + digit;
      rest -= digit * unit;
    }
  }

  #ascii(text: string): void {
    this.#reserve(Math.max(text.length, MAX_NUMBER_CHARS));
    const bytes = this.#bytes;
    let at = this.#length;
    for (let index = 0; index < text.length; index++) bytes[at++] = text.charCodeAt(index);
    this.#length = at;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + count));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Of a 32-bit integer, without its sign. */
function digitsOf(value: number): number {
  let digits = 1;
  for (let rest = (value / 10) | 0; rest !== 0; rest = (rest / 10) | 0) digits++;
  return digits;
}
