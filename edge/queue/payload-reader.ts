import type { Disk } from './disk.ts';
import { readRecord, RECORD_HEADER_BYTES, type RecordRow } from './record.ts';
import type { Segment } from './segment.ts';

/** Read ahead, so that sending a backlog does not open a file per batch. */
const BLOCK_BYTES = 32 * 1024;

interface Block {
  readonly file: string;
  readonly start: number;
  readonly bytes: Buffer;
}

/** Reads bodies from disk; caches one block until its last record was read. */
export class PayloadReader {
  readonly #disk: Disk;
  readonly #seed: number;
  #block: Block | undefined;

  constructor(disk: Disk, seed: number) {
    this.#disk = disk;
    this.#seed = seed;
  }

  /** Undefined: the bytes on disk are not this record. Rejects with the file system's error. */
  async read(segment: Segment, row: RecordRow): Promise<Buffer | undefined> {
    const size = RECORD_HEADER_BYTES + row.bytes;
    const block = this.#blockWith(segment.file, row.offset, size) ?? (await this.#load(segment, row, size));
    const at = row.offset - block.start;
    const header = readRecord(block.bytes, at, this.#seed);
    if (header?.seq !== row.seq) return undefined;
    if (at + size >= block.bytes.length && this.#block === block) this.#block = undefined;
    // A copy, so that a body in flight does not keep the block in memory.
    return Buffer.from(block.bytes.subarray(at + RECORD_HEADER_BYTES, at + size));
  }

  #blockWith(file: string, offset: number, size: number): Block | undefined {
    const block = this.#block;
    if (block?.file !== file || offset < block.start) return undefined;
    return offset + size <= block.start + block.bytes.length ? block : undefined;
  }

  async #load(segment: Segment, row: RecordRow, size: number): Promise<Block> {
    // Never past the durable bytes: after them a commit may be half written.
    const length = Math.max(size, Math.min(BLOCK_BYTES, segment.bytes - row.offset));
    const bytes = await this.#disk.readAt(segment.file, row.offset, length);
    const block = { file: segment.file, start: row.offset, bytes };
    this.#block = bytes.length > size ? block : undefined;
    return block;
  }
}
