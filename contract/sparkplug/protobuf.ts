/** The wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding), as far as Sparkplug B uses it. */
const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

const MAX_VARINT_BYTES = 10;

/** Tags of a field, by how its value is encoded: a reader compares whole tags, so another encoding is an unknown field. */
export const varintTag = (field: number): number => (field << 3) | VARINT;
export const doubleTag = (field: number): number => (field << 3) | FIXED_64;
export const bytesTag = (field: number): number => (field << 3) | LENGTH_DELIMITED;
export const floatTag = (field: number): number => (field << 3) | FIXED_32;

export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}

/** Reads one message field by field. It never recurses: a nested message is bytes until it gets a reader of its own. */
export class ProtobufReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The tag of the next field, whose value must be read or skipped; undefined at the end of the message. */
  next(): number | undefined {
    if (this.#offset === this.#bytes.length) return undefined;
    const start = this.#offset;
    const tag = this.#length();
    if (tag < 8) throw new ProtobufError(`field number 0 at byte ${start}`);
    return tag;
  }

  uint64(): bigint {
    const { low, high } = this.#varint();
    return high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low);
  }

  /** The low 32 bits: encoders may sign-extend a negative value to 64. */
  uint32(): number {
    return this.#varint().low;
  }

  boolean(): boolean {
    const { low, high } = this.#varint();
    return low !== 0 || high !== 0;
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#advance(8));
  }

  float(): number {
    return this.#bytes.readFloatLE(this.#advance(4));
  }

  /** A view of the message's own bytes. */
  bytes(): Buffer {
    const length = this.#length();
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(): string {
    return this.bytes().toString('utf8');
  }

  skip(tag: number): void {
    switch (tag & 7) {
      case VARINT:
        this.#varint();
        break;
      case FIXED_64:
        this.#advance(8);
        break;
      case LENGTH_DELIMITED:
        this.bytes();
        break;
      case FIXED_32:
        this.#advance(4);
        break;
      default:
        // Groups (3 and 4) were deprecated before Sparkplug was written; 6 and 7 do not exist.
        throw new ProtobufError(`wire type ${tag & 7} before byte ${this.#offset}`);
    }
  }

  #length(): number {
    const start = this.#offset;
    const { low, high } = this.#varint();
    if (high !== 0) throw new ProtobufError(`more than 32 bits at byte ${start}`);
    return low;
  }

  /** Halves, since most values fit into 32 bits and a bigint for each would cost more than all the rest. */
  #varint(): { readonly low: number; readonly high: number } {
    const start = this.#offset;
    let low = 0;
    let high = 0;
    for (let at = 0; at < MAX_VARINT_BYTES; at++) {
      const byte = this.#bytes[this.#advance(1)] ?? 0;
      const bits = byte & 0x7f;
      const shift = 7 * at;
      if (shift < 32) low |= bits << shift;
      if (shift > 32 - 7) high |= shift < 32 ? bits >>> (32 - shift) : bits << (shift - 32);
      if (byte < 0x80) return { low: low >>> 0, high: high >>> 0 };
    }
    throw new ProtobufError(`varint of more than ${MAX_VARINT_BYTES} bytes at byte ${start}`);
  }

  /** Where the next `length` bytes begin. */
  #advance(length: number): number {
    const start = this.#offset;
    const missing = start + length - this.#bytes.length;
    if (missing > 0) throw new ProtobufError(`truncated: ${missing} bytes are missing after byte ${start}`);
    this.#offset += length;
    return start;
  }
}

/** Writes one message; a field whose value is undefined is left out. */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = [];

  varint(tag: number, value: number | bigint | boolean | undefined): this {
    if (value === undefined) return this;
    this.#parts.push(varint(BigInt(tag)), varint(BigInt.asUintN(64, BigInt(value))));
    return this;
  }

  double(tag: number, value: number | undefined): this {
    if (value === undefined) return this;
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    this.#parts.push(varint(BigInt(tag)), bytes);
    return this;
  }

  float(tag: number, value: number | undefined): this {
    if (value === undefined) return this;
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    this.#parts.push(varint(BigInt(tag)), bytes);
    return this;
  }

  /** Also a nested message, and a text as UTF-8. */
  bytes(tag: number, value: Uint8Array | string | undefined): this {
    if (value === undefined) return this;
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    this.#parts.push(varint(BigInt(tag)), varint(BigInt(bytes.length)), bytes);
    return this;
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}
