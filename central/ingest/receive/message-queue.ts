import type { BusMessage } from '../../mqtt/bus.ts';

/** Longest time of work between two turns of the event loop. */
const SLICE_MS = 8;
const OVERHEAD_BYTES = 256;

interface Entry {
  readonly message: BusMessage;
  readonly handle: (message: BusMessage) => void;
}

/** Takes messages off the bus at once and handles them in time slices, so that neither the bus nor the event loop is blocked. */
export class MessageQueue {
  readonly #maxBytes: number;
  readonly #handle: (message: BusMessage) => void;
  readonly #afterSlice: () => void;
  readonly #monotonicMs: () => number;
  #messages: Entry[] = [];
  #next = 0;
  #bytes = 0;
  #scheduled = false;

  constructor(options: {
    readonly maxBytes: number;
    readonly handle: (message: BusMessage) => void;
    readonly afterSlice: () => void;
    readonly monotonicMs: () => number;
  }) {
    this.#maxBytes = options.maxBytes;
    this.#handle = options.handle;
    this.#afterSlice = options.afterSlice;
    this.#monotonicMs = options.monotonicMs;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** False: the queue is full. `handle`: for messages of a protocol adapter. */
  offer(message: BusMessage, handle = this.#handle): boolean {
    if (this.#bytes >= this.#maxBytes) return false;
    this.#messages.push({ message, handle });
    this.#bytes += message.payload.length + OVERHEAD_BYTES;
    this.#schedule();
    return true;
  }

  /** Resolves once every message has been handled. */
  async whenEmpty(): Promise<void> {
    while (this.#messages.length > 0) await new Promise((resolve) => setImmediate(resolve));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#handleSlice();
    });
  }

  #handleSlice(): void {
    const untilMs = this.#monotonicMs() + SLICE_MS;
    for (let entry = this.#messages[this.#next]; entry !== undefined; entry = this.#messages[this.#next]) {
      const { message, handle } = entry;
      this.#next++;
      this.#bytes -= message.payload.length + OVERHEAD_BYTES;
      handle(message);
      if (this.#monotonicMs() >= untilMs) break;
    }
    this.#messages = this.#messages.slice(this.#next);
    this.#next = 0;
    this.#afterSlice();
    if (this.#messages.length > 0) this.#schedule();
  }
}
