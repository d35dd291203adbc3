/** What the queue knows of a batch: bytes and where they came from in time, never samples. */
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
  /** Bytes on disk of all segments. */
  readonly bytes: number;
  readonly pendingBatches: number;
  readonly pendingPoints: number;
  readonly oldestPendingAtMs: number | undefined;
  /** Since the directory was made, across restarts. */
  readonly lostBatches: number;
  readonly lostPoints: number;
  readonly damagedSegments: number;
}

/** A bounded first-in log on disk. Never blocks and never throws at a collector: what does not fit is declared lost. */
export interface Queue {
  /** Random id of this directory: a wiped disk is a new epoch. */
  readonly epoch: string;
  /** Resolves with the seq once the batch is durable (fdatasync), or undefined when it was declared lost instead. */
  append(item: QueueItem): Promise<number | undefined>;
  /** Durable batches above `afterSeq` that are not acknowledged, in order, at most `limit`. */
  pending(afterSeq: number, limit: number): readonly QueueEntry[];
  /**
   * The body as it was appended; undefined when it is gone (acknowledged, dropped, damaged). Rejects when it cannot be
   * read just now, such as for too many open files; it stays pending then.
   */
  read(seq: number): Promise<Buffer | undefined>;
  /** Marks inclusive ranges as delivered. Ranges above what is durable are ignored: a cursor never passes them. */
  ack(epoch: string, ranges: readonly (readonly [number, number])[]): void;
  /** Sets one batch aside in `quarantine/` and declares it lost: central does not answer to it (`stuck`). */
  setAside(seq: number): Promise<void>;
  /** Lowest seq still held, or the next seq to come when nothing is held. */
  lowest(): number;
  /** Highest durable seq; 0 when there was none yet. */
  highest(): number;
  stats(): QueueStats;
  /** Called after each group commit with the newest durable seq; returns how to unsubscribe. */
  onDurable(listener: (highestSeq: number) => void): () => void;
  /** Commits what is waiting, saves the cursor, closes files. */
  close(): Promise<void>;
}
