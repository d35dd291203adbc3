import type { Clock } from '../../../runtime/clock.ts';
import { EventBook } from '../../protocols/events/event-book.ts';
import type { TroubledSendersRecord } from '../../protocols/events/troubled-senders-record.ts';
import { momentOf } from '../../protocols/events/moment.ts';
import { SenderTable } from '../../protocols/events/senders.ts';
import { severityCode } from '../../protocols/events/severity.ts';
import type { CollectorDeps } from '../collector.ts';
import { RefusalCounts } from '../refusal-counts.ts';
import type { SyslogConfig } from './config.ts';
import { parseMessage, readPriority } from './parse-message.ts';

type Sender = SyslogConfig['senders'][number];

/** Takes the messages of all listeners. What is not wanted costs a look at its first bytes. */
export class SyslogIntake {
  readonly book: EventBook;
  readonly refusals = new RefusalCounts();
  readonly senderCount: number;
  readonly #senders: SenderTable<Sender>;
  readonly #leastCode: number;
  readonly #clock: Clock;

  constructor(
    { senders, leastSeverity }: Pick<SyslogConfig, 'senders' | 'leastSeverity'>,
    { clock, commonTags }: Pick<CollectorDeps, 'clock' | 'commonTags'>,
    troubled?: TroubledSendersRecord,
  ) {
    this.#clock = clock;
    this.#senders = new SenderTable(senders);
    this.#leastCode = severityCode(leastSeverity);
    this.senderCount = senders.length;
    const devices = senders.map(({ device }) => device);
    this.book = new EventBook('syslog', devices, commonTags, clock, troubled);
  }

  /** The device behind an address; undefined and counted: nobody that may send. */
  senderAt(address: string): string | undefined {
    const sender = this.#senders.find(address);
    if (sender === undefined) this.refusals.add(`from ${address}, which is not among the senders`);
    return sender?.device;
  }

  /** On the clock that never jumps. */
  nowMs(): number {
    return this.#clock.monotonicMs();
  }

  receive(device: string, message: Buffer): void {
    const book = this.book.of(device);
    if (book === undefined) return;
    book.countReceived();
    const priority = readPriority(message);
    if (priority === undefined) {
      book.countUnreadable();
      this.refusals.add(`${device}: a message without a priority such as <13> in front`);
      return;
    }
    if (priority.severityCode > this.#leastCode) return;
    const moment = momentOf(this.#clock);
    book.countSeverity(priority.severityCode, moment);
    if (book.admit(moment, priority.severityCode)) book.add(parseMessage(message, priority), moment);
    else book.countSuppressed(moment);
  }
}
