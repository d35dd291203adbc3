import { TokenBucket } from '../../../runtime/token-bucket.ts';

/** A device has one, a stack or a relay some. */
const MAX_PROVEN = 16;
/** Keys of an SNMPv3 engine cost milliseconds: proven engines are free, others are few. */
const UNPROVEN_RATE = { capacity: 4, refillPerS: 0.1 };

/** The SNMPv3 engines of one sender. Ids in hexadecimal. */
export class SenderEngines {
  /** Those of messages that were authentic, the last used at the end. */
  readonly #proven = new Set<string>();
  readonly #unproven: TokenBucket;

  constructor(monotonicMs: number) {
    this.#unproven = new TokenBucket(UNPROVEN_RATE, monotonicMs);
  }

  /** False: too many that were never proven, so that the message is not read. */
  admit(engineId: string, monotonicMs: number): boolean {
    return this.#proven.has(engineId) || this.#unproven.tryTake(1, monotonicMs);
  }

  /** After a message of it was read. Returns the engine whose keys are needed no more. */
  note(engineId: string, isAuthentic: boolean): string | undefined {
    // A forged message of a proven engine changes nothing.
    if (!isAuthentic) return this.#proven.has(engineId) ? undefined : engineId;
    this.#proven.delete(engineId);
    this.#proven.add(engineId);
    if (this.#proven.size <= MAX_PROVEN) return undefined;
    const [oldest] = this.#proven;
    if (oldest !== undefined) this.#proven.delete(oldest);
    return oldest;
  }
}
