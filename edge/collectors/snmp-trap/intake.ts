import type { RemoteInfo } from 'node:dgram';
import type { Sample } from '../../../contract/sample.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { EventBook } from '../../protocols/events/event-book.ts';
import type { TroubledSendersRecord } from '../../protocols/events/troubled-senders-record.ts';
import { EventStates } from '../../protocols/events/event-states.ts';
import type { EventStatesRecord } from '../../protocols/events/event-states-record.ts';
import { momentOf, type Moment } from '../../protocols/events/moment.ts';
import type { SenderBook } from '../../protocols/events/sender-book.ts';
import { SenderTable } from '../../protocols/events/senders.ts';
import { CRITICAL_CODE, severityCode } from '../../protocols/events/severity.ts';
import { forgetKeysOf } from '../../protocols/snmp/key-cache.ts';
import { messageHeader } from '../../protocols/snmp/message-header.ts';
import { peekTrapOid } from '../../protocols/snmp/peek-trap-oid.ts';
import type { Notification, ReadMessage, TrapReader } from '../../protocols/snmp/trap-reader.ts';
import type { CollectorDeps } from '../collector.ts';
import { RefusalCounts } from '../refusal-counts.ts';
import type { SnmpTrapConfig } from './config.ts';
import { KNOWN_TRAPS, type TrapMeaning } from './known-traps.ts';
import { RecentInforms } from './recent-informs.ts';
import { SenderEngines } from './sender-engines.ts';
import { severityOf, toEvent, type TrapEvent } from './to-event.ts';

/** What agents send fits into one packet; more is not looked at. */
export const MAX_DATAGRAM_BYTES = 8_192;
/** Informs that wait until they are on disk; beyond, the sender sends them again. */
const MAX_WAITING_ANSWERS = 256;

type Sender = SnmpTrapConfig['senders'][number];
type From = Pick<RemoteInfo, 'address' | 'port'>;
type Answer = () => void;

export interface TrapIntakeDeps extends Pick<CollectorDeps, 'clock' | 'commonTags'> {
  /** By the name of the credentials; undefined: their secrets could not be read. */
  readonly readerOf: (credentials: string) => TrapReader | undefined;
  readonly answer: (message: Buffer, to: From) => void;
  readonly record: EventStatesRecord;
  readonly troubled?: TroubledSendersRecord;
}

/** Takes notifications of the senders, and keeps what lasts. */
export class TrapIntake {
  readonly book: EventBook;
  readonly refusals = new RefusalCounts();
  readonly #states = new EventStates();
  readonly #deps: TrapIntakeDeps;
  readonly #clock: Clock;
  readonly #senders: SenderTable<Sender>;
  readonly #meanings: ReadonlyMap<string, TrapMeaning>;
  readonly #leastCode: number;
  readonly #engines: ReadonlyMap<string, SenderEngines>;
  readonly #informs = new RecentInforms();
  #waiting: Answer[] = [];

  constructor(config: Pick<SnmpTrapConfig, 'senders' | 'traps' | 'leastSeverity'>, deps: TrapIntakeDeps) {
    const { senders, traps, leastSeverity } = config;
    this.#deps = deps;
    this.#clock = deps.clock;
    this.#senders = new SenderTable(senders);
    this.#leastCode = severityCode(leastSeverity);
    const own = traps.map(({ subject, ...trap }): TrapMeaning => ({
      ...trap,
      ...(subject !== undefined && { subject: { values: [subject] } }),
    }));
    this.#meanings = new Map([...KNOWN_TRAPS, ...own].map((meaning) => [meaning.oid, meaning]));
    const devices = senders.map(({ device }) => device);
    this.book = new EventBook('snmp_trap', devices, deps.commonTags, deps.clock, deps.troubled);
    const monotonicMs = deps.clock.monotonicMs();
    this.#engines = new Map(devices.map((device) => [device, new SenderEngines(monotonicMs)]));
    const begun = new Set([...this.#meanings.values()].map(({ begins }) => begins));
    this.#states.restore(
      deps.record.read(),
      ({ device, event }) => this.book.of(device) !== undefined && begun.has(event),
      deps.clock.now(),
    );
  }

  /** Never throws. */
  receive(datagram: Buffer, from: From): void {
    const sender = this.#senders.find(from.address);
    const book = sender && this.book.of(sender.device);
    if (sender === undefined || book === undefined) {
      this.refusals.add(`from ${from.address}, which is not among the senders`);
      return;
    }
    book.countReceived();
    const moment = momentOf(this.#clock);
    const isAdmitted = book.admit(moment);
    if (!isAdmitted && !this.#mayBeCritical(datagram, book, moment)) {
      book.countSuppressed(moment);
      return;
    }
    const { device } = sender;
    const { notification, answer, problem } = this.#read(sender, datagram);
    if (problem !== undefined) {
      book.countUnreadable();
      this.refusals.add(`${device}: ${problem}`);
    } else if (notification === undefined) {
      if (answer !== undefined) this.#deps.answer(answer, from);
    } else {
      const isTaken = this.#consider(device, notification, { book, moment, isAdmitted });
      if (isTaken && answer !== undefined) this.#answerWhenDurable(() => this.#deps.answer(answer, from));
    }
  }

  /** Rows since the last call, and what is to be called once it is known whether they are on disk. */
  take(): { readonly samples: readonly Sample[]; readonly reportDurable: (isDurable: boolean) => void } {
    const waiting = this.#waiting;
    this.#waiting = [];
    const informs = this.#informs.takeNew();
    const samples = [
      ...this.book.take(),
      ...this.#states.report('snmp_trap', this.#deps.commonTags, this.#clock.now()),
    ];
    if (this.#states.takeChange()) this.#deps.record.write(this.#states.all);
    return {
      samples,
      reportDurable: (isDurable) => {
        if (isDurable) for (const answer of waiting) answer();
        else this.#informs.forget(informs);
      },
    };
  }

  /** Of a sender that has sent too much. */
  #mayBeCritical(datagram: Buffer, book: SenderBook, moment: Moment): boolean {
    if (datagram.length > MAX_DATAGRAM_BYTES) return false;
    const trapOid = peekTrapOid(datagram);
    const isCritical = trapOid !== undefined && severityOf(trapOid, this.#meanings) <= CRITICAL_CODE;
    return (isCritical || trapOid === undefined) && book.mayLook(moment, isCritical);
  }

  /** False: only counted, because its sender has sent too much. `isAdmitted`: there is room for it, critical or not. */
  #consider(
    device: string,
    notification: Notification,
    {
      book,
      moment,
      isAdmitted,
    }: { readonly book: SenderBook; readonly moment: Moment; readonly isAdmitted: boolean },
  ): boolean {
    const { informId } = notification;
    const id = informId === undefined ? undefined : `${device} ${informId}`;
    if (id !== undefined && this.#informs.isRepeated(id, moment.monotonicMs)) return true;
    const event = toEvent(notification, this.#meanings);
    const isWanted = event.severityCode <= this.#leastCode;
    const isCritical = event.severityCode <= CRITICAL_CODE;
    if (isWanted) book.countSeverity(event.severityCode, moment);
    if (!isAdmitted && !(isCritical && book.admit(moment, event.severityCode))) {
      book.countSuppressed(moment);
      return false;
    }
    if (id !== undefined) this.#informs.note(id, moment.monotonicMs);
    this.#noteStates(device, event);
    if (isWanted) book.add(event, moment);
    return true;
  }

  #read({ device, credentials }: Sender, datagram: Buffer): ReadMessage {
    const reader = this.#deps.readerOf(credentials);
    if (reader === undefined) return { problem: `credentials.${credentials} cannot be used` };
    if (datagram.length > MAX_DATAGRAM_BYTES) return { problem: `more than ${MAX_DATAGRAM_BYTES} bytes` };
    const engineId = messageHeader(datagram)?.engineId;
    const engines = this.#engines.get(device);
    // Without an engine id: a sender of informs asks for ours.
    if (engineId === undefined || engineId === '' || engines === undefined) return reader.read(datagram);
    if (!engines.admit(engineId, this.#clock.monotonicMs())) {
      return { problem: 'too many messages of SNMPv3 engines none of whose messages was authentic' };
    }
    const message = reader.read(datagram);
    const unneeded = engines.note(engineId, message.notification !== undefined);
    if (unneeded !== undefined) forgetKeysOf(unneeded);
    return message;
  }

  /** A state that begins or ends is kept, whatever the severity of the event. */
  #noteStates(device: string, { meaning, subject }: TrapEvent): void {
    const { begins, ends, isRestart } = meaning ?? {};
    const nowMs = this.#clock.now();
    const set = (state: string, isActive: boolean): void => {
      const isKept = this.#states.set({ device, event: state, subject }, isActive, nowMs);
      if (!isKept) this.refusals.add(`${device}: too many states at once; ${state} is not kept`);
    };
    if (isRestart === true) this.#states.endAllOf(device, nowMs);
    if (begins !== undefined) set(begins, true);
    if (ends !== undefined) set(ends, false);
  }

  #answerWhenDurable(answer: Answer): void {
    if (this.#waiting.length < MAX_WAITING_ANSWERS) this.#waiting.push(answer);
    else this.refusals.add('informs that are not answered, because too many wait');
  }
}
