import type { RemoteInfo } from 'node:dgram';
import type { Sample } from '../../../contract/sample.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { EventBook, momentOf } from '../../protocols/events/event-book.ts';
import { EventStates } from '../../protocols/events/event-states.ts';
import type { EventStatesRecord } from '../../protocols/events/event-states-record.ts';
import { SenderTable } from '../../protocols/events/senders.ts';
import { severityCode } from '../../protocols/events/severity.ts';
import { forgetKeysOf } from '../../protocols/snmp/key-cache.ts';
import { messageHeader } from '../../protocols/snmp/message-header.ts';
import type { Notification, ReadMessage, TrapReader } from '../../protocols/snmp/trap-reader.ts';
import type { CollectorDeps } from '../collector.ts';
import { RefusalCounts } from '../refusal-counts.ts';
import type { SnmpTrapConfig } from './config.ts';
import { KNOWN_TRAPS, type TrapMeaning } from './known-traps.ts';
import { SenderEngines } from './sender-engines.ts';
import { toEvent, type TrapEvent } from './to-event.ts';

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
    this.book = new EventBook('snmp_trap', devices, deps.commonTags, deps.clock);
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
    if (!book.admit(moment)) return;
    const { device } = sender;
    const { notification, answer, problem } = this.#read(sender, datagram);
    if (problem !== undefined) {
      book.countUnreadable();
      this.refusals.add(`${device}: ${problem}`);
    } else if (notification === undefined) {
      if (answer !== undefined) this.#deps.answer(answer, from);
    } else {
      const event = this.#note(device, notification);
      if (event.severityCode <= this.#leastCode) {
        book.countSeverity(event.severityCode, moment);
        book.add(event, moment);
      }
      if (answer !== undefined) this.#answerWhenDurable(() => this.#deps.answer(answer, from));
    }
  }

  /** Rows since the last call, and what is to be called once it is known whether they are on disk. */
  take(): { readonly samples: readonly Sample[]; readonly reportDurable: (isDurable: boolean) => void } {
    const waiting = this.#waiting;
    this.#waiting = [];
    const samples = [
      ...this.book.take(),
      ...this.#states.report('snmp_trap', this.#deps.commonTags, this.#clock.now()),
    ];
    if (this.#states.takeChange()) this.#deps.record.write(this.#states.all);
    return {
      samples,
      reportDurable: (isDurable) => {
        if (isDurable) for (const answer of waiting) answer();
      },
    };
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
  #note(device: string, notification: Notification): TrapEvent {
    const event = toEvent(notification, this.#meanings);
    const { begins, ends, isRestart } = event.meaning ?? {};
    const nowMs = this.#clock.now();
    const set = (state: string, isActive: boolean): void => {
      const isKept = this.#states.set({ device, event: state, subject: event.subject }, isActive, nowMs);
      if (!isKept) this.refusals.add(`${device}: too many states at once; ${state} is not kept`);
    };
    if (isRestart === true) this.#states.endAllOf(device, nowMs);
    if (begins !== undefined) set(begins, true);
    if (ends !== undefined) set(ends, false);
    return event;
  }

  #answerWhenDurable(answer: Answer): void {
    if (this.#waiting.length < MAX_WAITING_ANSWERS) this.#waiting.push(answer);
    else this.refusals.add('informs that are not answered, because too many wait');
  }
}
