/** Tag of a SEQUENCE. */
export const SEQUENCE = 0x30;

export interface Tlv {
  readonly tag: number;
  readonly content: Buffer;
  /** With tag and length. */
  readonly bytes: Buffer;
}

/** undefined: not whole, or with another tag. */
export function childrenOf(parent: Tlv | undefined, tag = parent?.tag): readonly Tlv[] | undefined {
  if (parent === undefined || parent.tag !== tag) return undefined;
  const children: Tlv[] = [];
  for (let at = 0; at < parent.content.length;) {
    const child = tlvAt(parent.content, at);
    if (child === undefined) return undefined;
    children.push(child);
    at += child.bytes.length;
  }
  return children;
}

/** Of BER (ITU-T X.690) what SNMP uses: tags of one byte, definite lengths. */
export function tlvAt(bytes: Buffer, at: number): Tlv | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthBytes > 4 || at + 2 + lengthBytes > bytes.length) return undefined;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
  const from = at + 2 + lengthBytes;
  if (from + length > bytes.length) return undefined;
  return { tag, content: bytes.subarray(from, from + length), bytes: bytes.subarray(at, from + length) };
}

export function tlv(tag: number, contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const head = Buffer.from([tag, 0x82, 0, 0]);
  head.writeUInt16BE(length, 2); // a datagram has at most 65,535 bytes
  return Buffer.concat([head, content]);
}
