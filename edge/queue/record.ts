import { crc32 } from 'node:zlib';

/** The layout is described in README.md. */
export const RECORD_HEADER_BYTES = 40;
export const MAX_PAYLOAD_BYTES = 1024 * 1024;

/** Largest values of the fields. */
export const MAX_U48 = 2 ** 48 - 1;
export const MAX_U32 = 2 ** 32 - 1;
const CRC_FROM = 8;
const BATCH = 0;
const LOSS = 1;

export interface RecordHeader {
  readonly seq: number;
  /** A declaration of loss rather than samples. */
  readonly isLoss: boolean;
  readonly points: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly appendedAtMs: number;
  /** Of the payload. */
  readonly bytes: number;
}

export interface NewRecord extends Omit<RecordHeader, 'bytes'> {
  readonly payload: Buffer;
}

/** A record and where in its segment it starts. */
export interface RecordRow extends RecordHeader {
  readonly offset: number;
}

/** Start value of every CRC of an epoch. */
export function epochSeed(epoch: string): number {
  return crc32(epoch);
}

export function recordBytes(payloadBytes: number): number {
  return RECORD_HEADER_BYTES + payloadBytes;
}

export function encodeRecords(records: readonly NewRecord[], seed: number): Buffer {
  const target = Buffer.alloc(
    records.reduce((sum, record) => sum + RECORD_HEADER_BYTES + record.payload.length, 0),
  );
  let at = 0;
  for (const record of records) at = encodeInto(target, at, record, seed);
  return target;
}

/** The header at `at` if it is plausible; its CRC is not checked. */
export function peekHeader(source: Buffer, at: number): RecordHeader | undefined {
  if (at + RECORD_HEADER_BYTES > source.length) return undefined;
  const bytes = source.readUInt32LE(at);
  const kind = source[at + 14] ?? LOSS + 1;
  if (bytes > MAX_PAYLOAD_BYTES || kind > LOSS || source[at + 15] !== 0) return undefined;
  return {
    seq: source.readUIntLE(at + 8, 6),
    isLoss: kind === LOSS,
    points: source.readUInt32LE(at + 16),
    firstMs: source.readUIntLE(at + 20, 6),
    lastMs: source.readUIntLE(at + 26, 6),
    appendedAtMs: source.readUIntLE(at + 32, 6),
    bytes,
  };
}

/** The header at `at` if the record is complete and its CRC is correct. */
export function readRecord(source: Buffer, at: number, seed: number): RecordHeader | undefined {
  const header = peekHeader(source, at);
  if (header === undefined) return undefined;
  const end = at + RECORD_HEADER_BYTES + header.bytes;
  if (end > source.length) return undefined;
  const crc = crc32(source.subarray(at + CRC_FROM, end), seed);
  return crc === source.readUInt32LE(at + 4) ? header : undefined;
}

function encodeInto(target: Buffer, at: number, record: NewRecord, seed: number): number {
  target.writeUInt32LE(record.payload.length, at);
  target.writeUIntLE(record.seq, at + 8, 6);
  target[at + 14] = record.isLoss ? LOSS : BATCH;
  target.writeUInt32LE(record.points, at + 16);
  target.writeUIntLE(record.firstMs, at + 20, 6);
  target.writeUIntLE(record.lastMs, at + 26, 6);
  target.writeUIntLE(record.appendedAtMs, at + 32, 6);
  const end = at + RECORD_HEADER_BYTES + record.payload.length;
  record.payload.copy(target, at + RECORD_HEADER_BYTES);
  target.writeUInt32LE(crc32(target.subarray(at + CRC_FROM, end), seed), at + 4);
  return end;
}
