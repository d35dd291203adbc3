import type { Disk, DiskFile } from './disk.ts';
import { Segment } from './segment.ts';

export interface SegmentWriterDeps {
  readonly disk: Disk;
  readonly directory: string;
  readonly epoch: string;
  readonly segmentBytes: number;
  /** The newest segment at open: it is kept even when it is empty and a write to it fails, for the next seq is read from its name. */
  readonly carrier: string | undefined;
}

export interface Appended {
  readonly segment: Segment;
  /** Where in the segment the bytes start. */
  readonly offset: number;
}

/** Appends to the newest segment. Holds at most one file handle, and none after release(). */
export class SegmentWriter {
  readonly #deps: SegmentWriterDeps;
  /** Made by this writer: a segment from before a restart is never appended to. */
  #segment: Segment | undefined;
  #file: DiskFile | undefined;

  constructor(deps: SegmentWriterDeps) {
    this.#deps = deps;
  }

  /**
   * Resolves when `bytes` are durable. Rejects with the file system's error; then none of them count and the next
   * append goes to a new segment, because after a failed sync the content of the file is unknown.
   */
  async append(bytes: Buffer, firstSeq: number): Promise<Appended> {
    const current = this.#segment;
    if (current === undefined || current.bytes + bytes.length > this.#deps.segmentBytes) {
      return this.#appendToNew(bytes, firstSeq);
    }
    const offset = current.bytes;
    try {
      this.#file ??= await this.#deps.disk.reopen(current.file);
      await this.#file.write(bytes, offset);
      await this.#file.sync();
    } catch (error) {
      await this.#abandon(offset);
      throw error;
    }
    current.bytes += bytes.length;
    return { segment: current, offset };
  }

  /** The next append goes to a new segment. */
  async roll(): Promise<void> {
    await this.release();
    this.#segment = undefined;
  }

  /** Closes the file; the next append opens it again. */
  async release(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => undefined);
  }

  async #appendToNew(bytes: Buffer, firstSeq: number): Promise<Appended> {
    const { disk, directory, epoch } = this.#deps;
    await this.roll();
    const segment = new Segment(directory, epoch, firstSeq);
    try {
      this.#file = await disk.create(segment.file);
      await this.#file.write(bytes, 0);
      await this.#file.sync();
      await disk.syncDirectory(directory);
    } catch (error) {
      await this.#abandon(0);
      if (segment.file !== this.#deps.carrier) await disk.remove(segment.file).catch(() => undefined);
      throw error;
    }
    segment.bytes = bytes.length;
    this.#segment = segment;
    return { segment, offset: 0 };
  }

  /** A failed truncation does no harm: recovery ends a segment where the next one's base begins. */
  async #abandon(durableBytes: number): Promise<void> {
    await this.#file?.truncate(durableBytes).catch(() => undefined);
    await this.roll();
  }
}
