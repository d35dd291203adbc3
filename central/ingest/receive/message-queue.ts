import { setMaxListeners } from 'node:events';
import type { Clock } from '../../../runtime/clock.ts';
import type { BusMessage } from '../../mqtt/bus.ts';
import { senderOf } from './sender-of.ts';

/** Returns false where the message was of no use at all: its sender has to wait for the time that it took. */
export type Handle = (message: BusMessage) => boolean;

export interface MessageQueueOptions {
  readonly limits: MessageQueueLimits;
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  readonly handle: Handle;
  readonly afterSlice: () => void;
  /** A sender has to wait, or its messages found no room; no message is lost for which there is another copy. */
  readonly onHeldBack: (sender: string, why: HeldBack) => void;
}

export interface MessageQueueLimits {
  /** Received messages that are not handled yet, of all senders. */
  readonly messageQueueMaxBytes: number;
  /** Messages of one sender that wait; where the bus can, it reads no more from it then. */
  readonly waitingPerSender: number;
}

/** `wasted`: its messages cost time and were of no use. `backlog`: it sends faster than central handles it. */
export type HeldBack = 'wasted' | 'backlog' | 'dropped';

interface Entry {
  readonly message: BusMessage;
  readonly handle: Handle;
}

interface Sender {
  readonly name: string;
  readonly waiting: Entry[];
  next: number;
  bytes: number;
  /** Time that it may use before it is another's turn; below 0: its debt. ms. */
  creditMs: number;
  wastedMs: number;
  isHeld: boolean;
  chargedAtMs: number;
  /** Resolve what `room` has returned. */
  readonly whenRoom: (() => void)[];
}

/** Longest time of work between two turns of the event loop. */
const SLICE_MS = 8;
const OVERHEAD_BYTES = 256;
/** What a sender in debt may use of central's time in its turn. */
const TURN_MS = 2;
/** One message can take long; more debt would only make turns be counted longer. */
const MAX_DEBT_MS = 500;
/** Of the time that passes, this share pays debt back: whoever uses less of central's time is free of it. */
const FREE_SHARE = 0.1;
/** While senders without debt have messages waiting, those in debt get the rest of this share of the time. */
const SHARE_WITHOUT_DEBT = 0.75;
/** For each ms that a sender wastes it waits this many, and so can waste a fifth of central's time. */
const WAIT_PER_WASTED_MS = 4;
/** Less is not worth a timer. */
const MIN_WASTED_MS = 2;
const MAX_SENDERS = 20_000;

/**
 * Takes messages off the bus at once and handles them in time slices, so that neither the bus nor the event loop is blocked.
 * Each sender is charged for the time that its messages need. Whoever uses less than a tenth of central's time comes first,
 * the others take turns (deficit round robin): what one sends, however dear, delays the messages of those by about one message.
 */
export class MessageQueue {
  readonly #options: MessageQueueOptions;
  readonly #senders = new Map<string, Sender>();
  /** Those with messages and without debt, in the order of arrival. */
  readonly #free = new Set<Sender>();
  /** Those with messages and in debt, in the order of their turns. */
  readonly #indebted = new Set<Sender>();
  /** How long the last message of a sender in debt took. */
  #lastIndebtedMs = 0;
  /** How long senders in debt have waited for others since then. */
  #freeSinceMs = 0;
  #messages = 0;
  #bytes = 0;
  readonly #ending = new AbortController();
  #isScheduled = false;

  constructor(options: MessageQueueOptions) {
    this.#options = options;
    // Each sender that is held waits for it.
    setMaxListeners(0, this.#ending.signal);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** False: there is no room for it. `handle`: for messages of a protocol adapter. */
  offer(message: BusMessage, handle = this.#options.handle): boolean {
    const sender = this.#senderAt(senderOf(message.topic));
    if (!this.#makeRoom(sender)) return false;
    const bytes = bytesOf(message);
    sender.waiting.push({ message, handle });
    sender.bytes += bytes;
    this.#bytes += bytes;
    this.#messages++;
    this.#queue(sender);
    this.#schedule();
    return true;
  }

  /** Resolves when the sender of this topic has few messages waiting; undefined: it has. */
  room(topic: string): Promise<void> | undefined {
    const sender = this.#senders.get(senderOf(topic));
    if (sender === undefined || countOf(sender) < this.#options.limits.waitingPerSender) return undefined;
    if (sender.whenRoom.length === 0) this.#options.onHeldBack(sender.name, 'backlog');
    return new Promise((resolve) => sender.whenRoom.push(resolve));
  }

  /** Resolves once every message has been handled, those of senders that would have to wait included. */
  async whenEmpty(): Promise<void> {
    this.#ending.abort(new Error('stopping'));
    while (this.#messages > 0) await new Promise((resolve) => setImmediate(resolve));
  }

  #schedule(): void {
    if (this.#isScheduled || this.#free.size + this.#indebted.size === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#handleSlice();
    });
  }

  #handleSlice(): void {
    const { clock, afterSlice } = this.#options;
    let nowMs = clock.monotonicMs();
    const untilMs = nowMs + SLICE_MS;
    while (nowMs < untilMs) {
      const sender = this.#nextTurn();
      if (sender === undefined) break;
      nowMs = this.#handleOne(sender, nowMs);
    }
    afterSlice();
    this.#schedule();
  }

  #nextTurn(): Sender | undefined {
    const [free] = this.#free;
    const others = SHARE_WITHOUT_DEBT / (1 - SHARE_WITHOUT_DEBT);
    const isOthersTurn = this.#freeSinceMs >= others * Math.max(this.#lastIndebtedMs, TURN_MS);
    if (free !== undefined && !(isOthersTurn && this.#indebted.size > 0)) return free;
    // Each pass gives each its time once more, until one may go on. What is added to a set is walked over, too.
    for (const sender of this.#indebted) {
      if (sender.creditMs <= 0) sender.creditMs += TURN_MS;
      if (sender.creditMs > 0) return sender;
      this.#indebted.delete(sender);
      this.#indebted.add(sender);
    }
    return undefined;
  }

  #handleOne(sender: Sender, startedAtMs: number): number {
    const entry = sender.waiting[sender.next++];
    if (entry === undefined) return startedAtMs;
    const bytes = bytesOf(entry.message);
    sender.bytes -= bytes;
    this.#bytes -= bytes;
    this.#messages--;
    const isFree = this.#free.delete(sender);
    const isOfUse = entry.handle(entry.message);
    const nowMs = this.#options.clock.monotonicMs();
    const tookMs = nowMs - startedAtMs;
    this.#freeSinceMs = isFree && this.#indebted.size > 0 ? this.#freeSinceMs + tookMs : 0;
    if (!isFree) this.#lastIndebtedMs = tookMs;
    sender.creditMs = Math.max(sender.creditMs - tookMs, -MAX_DEBT_MS);
    sender.chargedAtMs = nowMs;
    if (!isOfUse) sender.wastedMs += tookMs;
    this.#settle(sender);
    return nowMs;
  }

  /** After one of its messages was handled. */
  #settle(sender: Sender): void {
    this.#tellRoom(sender);
    if (sender.creditMs <= 0 || countOf(sender) === 0) this.#indebted.delete(sender);
    if (countOf(sender) === 0) {
      sender.waiting.length = 0;
      sender.next = 0;
      sender.creditMs = Math.min(sender.creditMs, 0);
    } else if (sender.next >= 64) {
      sender.waiting.splice(0, sender.next);
      sender.next = 0;
    }
    if (sender.wastedMs >= MIN_WASTED_MS && !this.#ending.signal.aborted) void this.#hold(sender);
    else this.#queue(sender);
  }

  /** Where its turn will come, if it has messages. */
  #queue(sender: Sender): void {
    if (sender.isHeld || countOf(sender) === 0 || this.#indebted.has(sender)) return;
    if (sender.creditMs < 0) this.#indebted.add(sender);
    else this.#free.add(sender);
  }

  #tellRoom({ waiting, next, whenRoom }: Sender): void {
    if (whenRoom.length === 0 || waiting.length - next >= this.#options.limits.waitingPerSender) return;
    for (const resolve of whenRoom.splice(0)) resolve();
  }

  async #hold(sender: Sender): Promise<void> {
    const waitMs = sender.wastedMs * WAIT_PER_WASTED_MS;
    sender.wastedMs = 0;
    sender.isHeld = true;
    this.#indebted.delete(sender);
    this.#options.onHeldBack(sender.name, 'wasted');
    await this.#options.clock.sleep(waitMs, this.#ending.signal).catch(() => undefined);
    sender.isHeld = false;
    this.#forgive(sender);
    this.#queue(sender);
    this.#schedule();
  }

  #senderAt(name: string): Sender {
    const known = this.#senders.get(name);
    if (known !== undefined) {
      if (countOf(known) === 0) this.#forgive(known);
      return known;
    }
    if (this.#senders.size >= MAX_SENDERS) this.#forgetOneWithoutMessages();
    const sender: Sender = {
      name,
      waiting: [],
      next: 0,
      bytes: 0,
      creditMs: 0,
      wastedMs: 0,
      isHeld: false,
      chargedAtMs: 0,
      whenRoom: [],
    };
    this.#senders.set(name, sender);
    return sender;
  }

  #forgive(sender: Sender): void {
    if (sender.creditMs >= 0) return;
    const nowMs = this.#options.clock.monotonicMs();
    sender.creditMs = Math.min(0, sender.creditMs + (nowMs - sender.chargedAtMs) * FREE_SHARE);
    sender.chargedAtMs = nowMs;
  }

  #forgetOneWithoutMessages(): void {
    for (const sender of this.#senders.values()) {
      if (countOf(sender) > 0 || sender.isHeld) continue;
      this.#senders.delete(sender.name);
      return;
    }
  }

  /** When all room is taken, whoever has most waiting gives way. */
  #makeRoom(offering: Sender): boolean {
    while (this.#bytes >= this.#options.limits.messageQueueMaxBytes) {
      let largest = offering;
      for (const sender of this.#senders.values()) if (sender.bytes > largest.bytes) largest = sender;
      this.#options.onHeldBack(largest.name, 'dropped');
      if (largest === offering) return false;
      const dropped = largest.waiting.pop();
      if (dropped === undefined) return false;
      const bytes = bytesOf(dropped.message);
      largest.bytes -= bytes;
      this.#bytes -= bytes;
      this.#messages--;
      this.#tellRoom(largest);
      if (countOf(largest) > 0) continue;
      this.#free.delete(largest);
      this.#indebted.delete(largest);
    }
    return true;
  }
}

function countOf({ waiting, next }: Sender): number {
  return waiting.length - next;
}

function bytesOf({ payload }: BusMessage): number {
  return payload.length + OVERHEAD_BYTES;
}
