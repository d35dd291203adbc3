import type { BatchContext } from '../../samples/batch-observer.ts';
import type { SampleBatch } from '../../samples/sample-table.ts';

export interface QueuedBatch {
  readonly batch: SampleBatch;
  readonly context: BatchContext;
  readonly rows: number;
}

export interface QueueLimits {
  readonly maxRows: number;
  readonly maxRowsPerAgent: number;
}

/** Backlog that waits for its turn, in the order of arrival: a row takes some hundred bytes. */
export class BatchQueue {
  readonly #limits: QueueLimits;
  #batches: QueuedBatch[] = [];
  #first = 0;
  readonly #ofAgent = new Map<string, number>();
  rows = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  has(agent: string): boolean {
    return this.#ofAgent.has(agent);
  }

  /** False: there is no room. */
  add(queued: QueuedBatch): boolean {
    const { agent } = queued.batch;
    const ofAgent = (this.#ofAgent.get(agent) ?? 0) + queued.rows;
    if (this.rows + queued.rows > this.#limits.maxRows || ofAgent > this.#limits.maxRowsPerAgent)
      return false;
    this.#batches.push(queued);
    this.#ofAgent.set(agent, ofAgent);
    this.rows += queued.rows;
    return true;
  }

  take(): QueuedBatch | undefined {
    const queued = this.#batches[this.#first];
    if (queued === undefined) return undefined;
    this.#first++;
    if (this.#first * 2 > this.#batches.length) {
      this.#batches = this.#batches.slice(this.#first);
      this.#first = 0;
    }
    const { agent } = queued.batch;
    const left = (this.#ofAgent.get(agent) ?? 0) - queued.rows;
    if (left > 0) this.#ofAgent.set(agent, left);
    else this.#ofAgent.delete(agent);
    this.rows -= queued.rows;
    return queued;
  }
}
