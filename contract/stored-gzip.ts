import { crc32 } from 'node:zlib';

/** Magic, deflate, no flags, no time, unknown system (RFC 1952, section 2.3.1). */
const HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
/** Last block, stored (RFC 1951, section 3.2.4). */
const STORED_BLOCK = 1;
const BLOCK_HEAD_BYTES = 5;
const TRAILER_BYTES = 8;

/** A text of at most 65,535 bytes as a gzip member without compression: for texts too short to gain by it. */
export function storedGzip(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const from = HEAD.length + BLOCK_HEAD_BYTES;
  const bytes = Buffer.allocUnsafe(from + length + TRAILER_BYTES);
  HEAD.copy(bytes);
  bytes[HEAD.length] = STORED_BLOCK;
  bytes.writeUInt16LE(length, HEAD.length + 1);
  bytes.writeUInt16LE(length ^ 0xffff, HEAD.length + 3);
  bytes.write(text, from);
  bytes.writeUInt32LE(crc32(bytes.subarray(from, from + length)), from + length);
  bytes.writeUInt32LE(length, from + length + 4);
  return bytes;
}
