import type { Sample } from '../../../contract/sample.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { TokenBucket } from '../../../runtime/token-bucket.ts';
import { HALF_OF_TOTAL, shareOfTotal } from './event-limits.ts';
import { momentOf, type Moment } from './moment.ts';
import { SenderBook } from './sender-book.ts';
import { SourceSummary } from './source-summary.ts';
import { noTroubledSendersRecord, type TroubledSendersRecord } from './troubled-senders-record.ts';

/** What all senders of a collector told since its last run. */
export class EventBook {
  readonly #clock: Clock;
  readonly #bySender: ReadonlyMap<string, SenderBook>;
  readonly #record: TroubledSendersRecord;
  /** Of senders that are none any more: told to be well for a while. */
  #left: readonly SourceSummary[] | undefined;
  #troubled: readonly string[] = [];
  readonly #tags: Sample['tags'];
  #wake: (() => void) | undefined;

  /** `tags`: of every row, besides `device` and `source`. */
  constructor(
    source: 'syslog' | 'snmp_trap',
    devices: readonly string[],
    tags: Sample['tags'],
    clock: Clock,
    record = noTroubledSendersRecord,
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
    this.#record = record;
    this.#tags = { ...tags, source };
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
    const rows = [...this.#bySender.values()].flatMap((book) => book.take(moment));
    this.#left ??= this.#findLeft(moment);
    const left = this.#left.flatMap((summary) => summary.take(moment) ?? []);
    this.#keepTroubled();
    return [...rows, ...left];
  }

  #findLeft(moment: Moment): readonly SourceSummary[] {
    this.#troubled = this.#record.read();
    return this.#troubled
      .filter((device) => !this.#bySender.has(device))
      .map((device) => new SourceSummary({ ...this.#tags, device }, moment));
  }

  #keepTroubled(): void {
    const troubled = [...this.#bySender].flatMap(([device, book]) => (book.isTroubled ? [device] : []));
    if (troubled.join('\n') === this.#troubled.join('\n')) return;
    this.#troubled = troubled;
    this.#record.write(troubled);
  }
}
