/** The part of ASN.1 BER (X.690) that an SNMP v2c agent needs; tags as in RFC 3416. */
export const TAG = {
  integer: 0x02,
  octets: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  ipAddress: 0x40,
  counter32: 0x41,
  gauge32: 0x42,
  timeTicks: 0x43,
  opaque: 0x44,
  counter64: 0x46,
  noSuchObject: 0x80,
  noSuchInstance: 0x81,
  endOfMibView: 0x82,
  get: 0xa0,
  getNext: 0xa1,
  response: 0xa2,
  getBulk: 0xa5,
} as const;

export class BerError extends Error {
  override readonly name = 'BerError';
}

export function tlv(tag: number, ...content: readonly Buffer[]): Buffer {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.from([tag]), lengthBytes(length), ...content]);
}

function lengthBytes(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  if (length <= 0xff) return Buffer.from([0x81, length]);
  return Buffer.from([0x82, length >> 8, length & 0xff]);
}

/** Two's complement in as few bytes as possible; unsigned types get a leading zero where needed. */
export function integerBytes(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest < -128n || rest >= 128n; rest >>= 8n) bytes.unshift(Number(rest & 0xffn));
  bytes.unshift(Number(rest & 0xffn));
  return Buffer.from(bytes);
}

export function oidBytes(oid: readonly number[]): Buffer {
  const [first = 0, second = 0, ...rest] = oid;
  return Buffer.from([first * 40 + second, ...rest].flatMap(base128));
}

function base128(arc: number): number[] {
  const bytes = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128))
    bytes.unshift((rest % 128) | 0x80);
  return bytes;
}

export interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

/** The consecutive elements in `bytes`. */
export function readElements(bytes: Buffer): Element[] {
  const elements: Element[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = byteAt(bytes, at);
    const { length, start } = readLength(bytes, at + 1);
    if (start + length > bytes.length) throw new BerError('an element is longer than what holds it');
    elements.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return elements;
}

function readLength(bytes: Buffer, at: number): { length: number; start: number } {
  const first = byteAt(bytes, at);
  if (first < 0x80) return { length: first, start: at + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 3) throw new BerError(`a length in ${count} bytes`);
  byteAt(bytes, at + count);
  return { length: bytes.readUIntBE(at + 1, count), start: at + 1 + count };
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new BerError('cut short');
  return byte;
}

export function readInteger(content: Buffer): number {
  if (content.length === 0 || content.length > 6) throw new BerError(`an integer of ${content.length} bytes`);
  return content.readIntBE(0, content.length);
}

export function readOid(content: Buffer): number[] {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [head = 0, ...rest] = arcs;
  const first = Math.min(2, Math.floor(head / 40));
  return [first, head - first * 40, ...rest];
}
