import type { PreparedBatch } from '../sample-store.ts';

export type BatchIdentity = Pick<PreparedBatch, 'agent' | 'epoch' | 'seq'>;

interface AgentQueue {
  readonly key: string;
  readonly seqs: Set<number>;
}

/** The newest `max` of the batches that were added. In numbers, not in texts: a city fills it within ten minutes. */
export class RecentBatches {
  readonly #max: number;
  readonly #queues = new Map<string, AgentQueue>();
  /** In the order in which they were added, as a ring. */
  readonly #queueAt: AgentQueue[] = [];
  readonly #seqAt: number[] = [];
  /** Where the oldest one is; always 0 until the ring is full. */
  #oldest = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#seqAt.length;
  }

  has({ agent, epoch, seq }: BatchIdentity): boolean {
    return this.#queues.get(`${agent} ${epoch}`)?.seqs.has(seq) ?? false;
  }

  add({ agent, epoch, seq }: BatchIdentity): void {
    const key = `${agent} ${epoch}`;
    let queue = this.#queues.get(key);
    if (queue === undefined) {
      queue = { key, seqs: new Set() };
      this.#queues.set(key, queue);
    }
    if (queue.seqs.has(seq)) return;
    queue.seqs.add(seq);
    if (this.size < this.#max) {
      this.#queueAt.push(queue);
      this.#seqAt.push(seq);
      return;
    }
    this.#forget(this.#queueAt[this.#oldest], this.#seqAt[this.#oldest]);
    this.#queueAt[this.#oldest] = queue;
    this.#seqAt[this.#oldest] = seq;
    this.#oldest = (this.#oldest + 1) % this.#max;
  }

  #forget(queue: AgentQueue | undefined, seq: number | undefined): void {
    if (queue === undefined || seq === undefined) return;
    queue.seqs.delete(seq);
    if (queue.seqs.size === 0) this.#queues.delete(queue.key);
  }
}
