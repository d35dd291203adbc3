import { SEQUENCE } from '../ber.ts';
import { isException, MAX_VALUE_BYTES, TYPE, type Varbind, type VarbindValue } from '../session.ts';
import { PDU } from './write-request.ts';

/** A response of a device (RFC 3416, section 3). */
export interface Answer {
  /** 0: SNMPv1, 1: SNMPv2c. */
  readonly version: number;
  readonly community: string;
  readonly id: number;
  readonly errorStatus: number;
  readonly varbinds: readonly Varbind[];
}

/** UInteger32 of SNMPv2p (RFC 1442), read as the Gauge32 that replaced it. */
const UINTEGER32 = 71;
/** More does not fit into a number. */
const MAX_INTEGER_BYTES = 6;
const MAX_COUNTER64_BYTES = 9;

class Malformed extends Error {}

/**
 * Reads a message in one pass over its bytes, with no object but its varbinds: this is done for each value of each port. Small agents
 * leave out the leading zero byte of unsigned values; a value that is not valid, such as an INTEGER of no bytes, is undefined, and the others stay.
 * undefined: it is no response. Keeps no part of the datagram. Pure.
 */
export function readAnswer(datagram: Buffer): Answer | undefined {
  try {
    return new AnswerReader(datagram).read();
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** 128 arcs of 32 bits (RFC 2578, section 3.5). */
const MAX_OID_BYTES = 640;
/** `127.`, and for the first byte `2.47`. */
const CHARS_A_BYTE = 4;
const DOT = 46;
const ZERO = 48;

class AnswerReader {
  readonly #bytes: Buffer;
  /** Of one OID, before they become a text. */
  readonly #digits = Buffer.allocUnsafe(MAX_OID_BYTES * CHARS_A_BYTE);
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  read(): Answer | undefined {
    this.#enter(SEQUENCE, this.#bytes.length);
    const version = this.#integer();
    const community = this.#text();
    const isResponse = this.#bytes[this.#at] === PDU.response;
    if (!isResponse) return undefined;
    const end = this.#enter(PDU.response, this.#bytes.length);
    const id = this.#integer();
    const errorStatus = this.#integer();
    this.#integer(); // error-index
    const varbinds = this.#varbinds(this.#enter(SEQUENCE, end));
    return { version, community, id, errorStatus, varbinds };
  }

  #varbinds(end: number): Varbind[] {
    const varbinds: Varbind[] = [];
    while (this.#at < end) {
      const next = this.#enter(SEQUENCE, end);
      const oidEnd = this.#enter(TYPE.oid, next);
      const oid = this.#oid(oidEnd);
      const tag = this.#bytes[this.#at] ?? TYPE.null;
      const valueEnd = this.#enter(tag, next);
      const value = this.#value(tag, this.#at, valueEnd);
      const type = tag === UINTEGER32 ? TYPE.gauge32 : tag;
      varbinds.push({ oid, type: value === undefined && !isException({ type }) ? TYPE.null : type, value });
      this.#at = next;
    }
    return varbinds;
  }

  /** Steps over tag and length; returns where its content ends. */
  #enter(tag: number, limit: number): number {
    const bytes = this.#bytes;
    if (bytes[this.#at] !== tag) throw new Malformed();
    let length = bytes[this.#at + 1] ?? 0x80;
    this.#at += 2;
    if (length >= 0x80) {
      const count = length & 0x7f;
      if (count === 0 || count > 4 || this.#at + count > limit) throw new Malformed();
      length = bytes.readUIntBE(this.#at, count);
      this.#at += count;
    }
    const end = this.#at + length;
    if (end > limit) throw new Malformed();
    return end;
  }

  #integer(): number {
    const end = this.#enter(TYPE.integer, this.#bytes.length);
    const value = this.#signed(this.#at, end);
    this.#at = end;
    if (value === undefined) throw new Malformed();
    return value;
  }

  #text(): string {
    const end = this.#enter(TYPE.octets, this.#bytes.length);
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end;
    return text;
  }

  #value(type: number, from: number, end: number): VarbindValue | undefined {
    switch (type) {
      case TYPE.integer:
        return this.#signed(from, end);
      case TYPE.counter32:
      case TYPE.gauge32:
      case TYPE.timeTicks:
      case UINTEGER32:
        return this.#unsigned(from, end);
      case TYPE.counter64:
        return this.#counter64(from, end);
      case TYPE.bits:
      case TYPE.octets:
      case TYPE.opaque:
        return Buffer.from(this.#bytes.subarray(from, Math.min(end, from + MAX_VALUE_BYTES)));
      case TYPE.oid:
        return end > from && end - from <= MAX_OID_BYTES ? this.#oid(end) : undefined;
      case TYPE.ipAddress:
        return end - from === 4 ? this.#bytes.subarray(from, end).join('.') : undefined;
      default:
        return undefined;
    }
  }

  #signed(from: number, end: number): number | undefined {
    const length = end - from;
    return length >= 1 && length <= MAX_INTEGER_BYTES ? this.#bytes.readIntBE(from, length) : undefined;
  }

  #unsigned(from: number, end: number): number | undefined {
    const bytes = this.#bytes;
    const first = end - from === 5 && bytes[from] === 0 ? from + 1 : from;
    const length = end - first;
    if (length < 1 || length > 4) return undefined;
    let value = 0;
    for (let at = first; at < end; at++) value = value * 256 + (bytes[at] ?? 0);
    return value;
  }

  #counter64(from: number, end: number): bigint | undefined {
    const bytes = this.#bytes;
    const length = end - from;
    if (length < 1 || length > MAX_COUNTER64_BYTES) return undefined;
    let low = 0;
    let high = 0;
    for (let at = from; at < end; at++) {
      high = (high * 256 + (low >>> 24)) >>> 0;
      low = ((low << 8) | (bytes[at] ?? 0)) >>> 0;
    }
    return high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low);
  }

  /** From where it stands to `end`, where it stands then. X.690, section 8.19. */
  #oid(end: number): string {
    const bytes = this.#bytes;
    const digits = this.#digits;
    if (end - this.#at > MAX_OID_BYTES) throw new Malformed();
    let length = 0;
    let arc = 0;
    for (; this.#at < end; this.#at++) {
      const byte = bytes[this.#at] ?? 0;
      arc = ((arc << 7) | (byte & 0x7f)) >>> 0;
      if (byte >= 0x80) continue;
      if (length === 0) {
        // The first two arcs share a number.
        const top = Math.min(2, Math.floor(arc / 40));
        length = this.#writeArc(top, 0);
        arc -= top * 40;
      }
      digits[length] = DOT;
      length = this.#writeArc(arc, length + 1);
      arc = 0;
    }
    return digits.toString('latin1', 0, length);
  }

  /** Returns where it ends. */
  #writeArc(arc: number, at: number): number {
    let end = at + 1;
    for (let limit = 10; arc >= limit; limit *= 10) end++;
    let rest = arc;
    for (let position = end - 1; position >= at; position--) {
      const next = Math.floor(rest / 10);
      this.#digits[position] = ZERO + rest - next * 10;
      rest = next;
    }
    return end;
  }
}
