import type { Sample } from '../../../contract/sample.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { TokenBucket } from '../../../runtime/token-bucket.ts';
import { HALF_OF_TOTAL, shareOfTotal } from './event-limits.ts';
import { SenderBook, type Moment } from './sender-book.ts';

/** What all senders of a collector told since its last run. */
export class EventBook {
  readonly #clock: Clock;
  readonly #bySender: ReadonlyMap<string, SenderBook>;
  #wake: (() => void) | undefined;

  /** `tags`: of every row, besides `device` and `source`. */
  constructor(
    source: 'syslog' | 'snmp_trap',
    devices: readonly string[],
    tags: Sample['tags'],
    clock: Clock,
  ) {
    this.#clock = clock;
    const moment = momentOf(clock);
    const common = new TokenBucket(HALF_OF_TOTAL, moment.monotonicMs);
    const share = shareOfTotal(devices.length);
    const onAdded = (): void => this.#wake?.();
    this.#bySender = new Map(
      devices.map((device) => [
        device,
        new SenderBook({ tags: { ...tags, device, source }, share, common, onAdded }, moment),
      ]),
    );
  }

  /** Undefined: it is none of the senders. */
  of(device: string): SenderBook | undefined {
    return this.#bySender.get(device);
  }

  /** For a trial, before anything came: resolves at the first event, or when the signal aborts. */
  async whenFilled(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  take(): readonly Sample[] {
    const moment = momentOf(this.#clock);
    return [...this.#bySender.values()].flatMap((book) => book.take(moment));
  }
}

export function momentOf(clock: Clock): Moment {
  return { nowMs: clock.now(), monotonicMs: clock.monotonicMs() };
}
