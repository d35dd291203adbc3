import type { Logger } from '../../../runtime/logger.ts';
import { isShortOfMemory } from './damage.ts';

/** What is always allowed at the most, whatever was configured. */
const MOST_MIB = 1_024;
const MOST_TIMES = 4;

/**
 * What DuckDB may take for its buffers. A checkpoint that needs more fails again and again, and with it every write: then a larger limit
 * is better than a store that takes nothing.
 */
export class MemoryLimit {
  readonly #configuredMiB: number;
  readonly #log: Logger;
  #currentMiB: number;

  constructor(configuredMiB: number, log: Logger) {
    this.#configuredMiB = configuredMiB;
    this.#currentMiB = configuredMiB;
    this.#log = log;
  }

  get currentMiB(): number {
    return this.#currentMiB;
  }

  get isRaised(): boolean {
    return this.#currentMiB > this.#configuredMiB;
  }

  /** Whether the failure was for want of memory and there is more of it now. */
  raiseAfter(error: unknown): boolean {
    const mostMiB = Math.max(MOST_MIB, this.#configuredMiB * MOST_TIMES);
    if (!isShortOfMemory(error) || this.#currentMiB >= mostMiB) return false;
    this.#currentMiB = Math.min(this.#currentMiB * 2, mostMiB);
    const { configuredMiB, nowMiB } = { configuredMiB: this.#configuredMiB, nowMiB: this.#currentMiB };
    this.#log.error({ configuredMiB, nowMiB }, 'store.memoryLimitMiB is too small to write: it is raised');
    return true;
  }
}
