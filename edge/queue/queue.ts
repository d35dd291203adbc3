/** A batch: opaque bytes and the time span of its samples. */
export interface QueueItem {
  readonly body: Buffer;
  readonly points: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

export interface QueueEntry {
  readonly seq: number;
  readonly points: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** When it was appended, by this machine's clock, ms. */
  readonly appendedAtMs: number;
  readonly bytes: number;
}

export interface QueueStats {
  /** Bytes on disk of all segments, also of what is acknowledged and not deleted yet. */
  readonly bytes: number;
  readonly pendingBytes: number;
  readonly pendingBatches: number;
  readonly pendingPoints: number;
  readonly oldestPendingAtMs: number | undefined;
  /** Since the directory was created, across restarts. */
  readonly lostBatches: number;
  readonly lostPoints: number;
  readonly damagedSegments: number;
}

/** A bounded log on disk, first in, first out. append() never blocks or throws: what does not fit is declared lost. */
export interface Queue {
  /** Random id of this directory: a wiped disk starts a new epoch. */
  readonly epoch: string;
  /** Resolves with the seq once the batch is durable (fdatasync), or with undefined when it was declared lost. */
  append(item: QueueItem): Promise<number | undefined>;
  /** Durable batches above `afterSeq` that are not acknowledged, in order, at most `limit`. */
  pending(afterSeq: number, limit: number): readonly QueueEntry[];
  /**
   * The body as it was appended; undefined when it is gone (acknowledged, dropped, damaged). Rejects on a temporary
   * failure such as too many open files; the batch stays pending then.
   */
  read(seq: number): Promise<Buffer | undefined>;
  /** Marks inclusive ranges as delivered. Seqs that are not durable yet are ignored. */
  ack(epoch: string, ranges: readonly (readonly [number, number])[]): void;
  /** Moves a batch that central does not answer to `quarantine/` and declares it lost (`stuck`). */
  setAside(seq: number): Promise<void>;
  /** Lowest pending seq; the next seq when nothing is pending. */
  lowest(): number;
  /** Highest durable seq; 0 before the first. */
  highest(): number;
  stats(): QueueStats;
  /** `listener` is called after each group commit with the highest durable seq; returns a function to unsubscribe. */
  onDurable(listener: (highestSeq: number) => void): () => void;
  /** Commits waiting batches, saves the cursor, closes files. */
  close(): Promise<void>;
}
